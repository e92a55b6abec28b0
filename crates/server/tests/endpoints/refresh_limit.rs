//! The rate limit of explicit refreshes.

use crate::app::TestApp;

#[tokio::test]
async fn explicit_refreshes_are_limited_for_each_session() {
    let app = TestApp::start().await;
    let (alice, bob) = (app.browser(), app.browser());
    alice.sign_in("alice").await;
    bob.sign_in("bob").await;
    let mut allowed = 0;
    let limited = loop {
        let path = ["/auth/refresh", "/auth/expire"][allowed % 2];
        let response = alice.post(path, &[]).await;
        if response.status != 200 {
            break response;
        }
        allowed += 1;
        assert!(allowed < 60, "there is no limit");
    };
    assert!(allowed >= 20, "only {allowed} were allowed");
    assert_eq!(limited.problem(), (429, "rate_limited".into()));
    let wait: u64 = limited.header("retry-after").parse().unwrap();
    assert!((1..=3).contains(&wait), "{wait}");
    // Automatic refreshes and other sessions are not limited.
    alice.get("/auth/profile").await.success();
    bob.post("/auth/refresh", &[]).await.success();
    let form = alice.submit("/auth/refresh", &[]).await;
    assert_eq!(form.status, 429, "{}", form.text);
    assert_ne!(form.header("retry-after"), "");
}

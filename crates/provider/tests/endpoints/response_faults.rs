//! Faults that change the response.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use confidant_provider::{Fault, FaultRule, FaultTiming};

use crate::app::{APP, TestApp};

const AT: FaultTiming = FaultTiming::BeforeCommit;

fn set_faults(app: &TestApp, rules: &[FaultRule]) {
    app.controls.set_faults(rules.to_vec()).unwrap();
}

fn status(status: u16, retry_after_s: Option<u64>, at: FaultTiming) -> Fault {
    Fault::Status {
        status,
        retry_after_s,
        at,
    }
}

#[tokio::test]
async fn an_overloaded_provider_sends_retry_after_and_spends_nothing() {
    let app = TestApp::new();
    let first = app.tokens().await;
    for (code, retry_after) in [(429, Some(2)), (503, Some(7)), (503, None), (500, None)] {
        let rule = FaultRule::next_refresh(status(code, retry_after, AT));
        set_faults(&app, &[rule]);
        let response = app.refresh(first.refresh()).await;
        assert_eq!(response.status.as_u16(), code);
        let expected = retry_after.map_or(String::new(), |seconds| seconds.to_string());
        assert_eq!(response.header(header::RETRY_AFTER), expected);
    }
    app.refreshed(first.refresh()).await;
}

#[tokio::test]
async fn a_gateway_can_lose_a_successful_response() {
    let app = TestApp::new();
    let first = app.tokens().await;
    let fault = status(502, None, FaultTiming::AfterCommit);
    set_faults(&app, &[FaultRule::next_refresh(fault)]);
    assert_eq!(app.refresh(first.refresh()).await.status.as_u16(), 502);
    app.refresh(first.refresh())
        .await
        .assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn a_page_can_replace_the_response() {
    let app = TestApp::new();
    let first = app.tokens().await;
    for code in [200, 503] {
        let fault = Fault::Html {
            status: code,
            at: AT,
        };
        set_faults(&app, &[FaultRule::next_refresh(fault)]);
        let response = app.refresh(first.refresh()).await;
        assert_eq!(response.status.as_u16(), code);
        assert!(
            response
                .header(header::CONTENT_TYPE)
                .starts_with("text/html")
        );
        assert!(!response.text.contains("access_token"));
    }
    app.refreshed(first.refresh()).await;
}

#[tokio::test]
async fn a_fault_applies_to_the_client_in_its_rule_only() {
    let app = TestApp::new();
    let first = app.tokens().await;
    let for_client = |client: &str| FaultRule {
        client: Some(client.to_owned()),
        ..FaultRule::new(status(503, None, AT))
    };
    set_faults(&app, &[for_client("confidant-spa")]);
    assert!(app.accepts(first.access()).await);
    let second = app.refreshed(first.refresh()).await;
    let form = [("client_id", "confidant-spa"), ("token", "whatever")];
    assert_eq!(app.post("/revoke", &form).await.status.as_u16(), 503);

    // At the API, the token identifies the client.
    set_faults(&app, &[for_client("confidant-web")]);
    assert!(!app.accepts(second.access()).await);
    assert_eq!(app.get("/api/echo").await.status.as_u16(), 401);
}

#[tokio::test]
async fn a_page_of_the_client_can_read_a_fault_and_preflights_get_none() {
    let app = TestApp::new();
    set_faults(&app, &[FaultRule::new(status(503, Some(2), AT))]);
    let preflight = Request::builder()
        .method(Method::OPTIONS)
        .uri("/token")
        .header(header::ORIGIN, APP)
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST");
    let response = app.send(preflight.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status.as_u16(), 200);
    let request = Request::post("/token").header(header::ORIGIN, APP);
    let response = app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status.as_u16(), 503);
    assert_eq!(response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), APP);
}

#[tokio::test]
async fn every_fault_is_logged_and_the_request_counted() {
    let app = TestApp::new();
    let first = app.tokens().await;
    set_faults(&app, &[FaultRule::new(status(503, None, AT))]);
    app.refresh(first.refresh()).await;
    app.post("/token", &[("client_id", "<somebody>")]).await;
    app.get("/jwks").await;
    let log = app.get("/demo/decisions").await.json();
    let logged = &log[1];
    assert_eq!(logged["about"], "fault");
    assert_eq!(logged["client"], "confidant-web");
    assert_eq!(logged["endpoint"], "/token");
    assert_eq!(log[2]["client"], "anybody");
    assert_eq!(log[3]["endpoint"], "/jwks");
    let page = app.get("/demo").await.text;
    assert!(page.contains("Not processed: answered with an error."));
    assert!(!page.contains("somebody"));
    let counts = app.get("/demo/requests").await.json();
    assert_eq!(counts["endpoints"]["POST /token"], 3);
}

#[tokio::test]
async fn a_too_large_body_is_refused_while_faults_are_set_as_well() {
    let app = TestApp::new();
    set_faults(&app, &[FaultRule::next_refresh(Fault::Truncated {})]);
    let large = "a".repeat(70_000);
    let response = app.refresh(&large).await;
    assert_eq!(response.status.as_u16(), 413);
}

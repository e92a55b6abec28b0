//! What can be made to go wrong from our own pages: in the demo, and nowhere
//! else.

use crate::app::{Browser, TestApp};
use axum::http::Request;
use confidant_bff::SystemRandom;
use serde_json::{Value, json};
use std::{fs::OpenOptions, io::Write, os::unix::fs::OpenOptionsExt};

/// Every control, with a form that it takes.
const CONTROLS: [(&str, &[(&str, &str)]); 7] = [
    ("fault", &[("preset", "lost_answer")]),
    ("policy", &[("preset", "grace_b")]),
    ("belief", &[("reuse", "grace")]),
    ("clock", &[("clock", "api"), ("seconds", "90")]),
    ("sign_out", &[("person", "alice")]),
    ("revoke", &[("person", "alice")]),
    ("reset", &[]),
];

fn path(control: &str) -> String {
    format!("/app/demo/{control}")
}

impl Browser<'_> {
    /// Presses a button of the panel's.
    pub(crate) async fn press(&self, control: &str, fields: &[(&str, &str)]) {
        let answer = self.post(&path(control), fields).await;
        assert_eq!(answer.good()["go_to"], "/bff/faults", "{control}");
    }

    /// The panel as text.
    async fn panel(&self) -> String {
        self.open("/bff/faults").await.text
    }
}

/// Whether this button of the panel says that what it does is so already.
#[track_caller]
fn is_pressed(panel: &str, button: &str) -> bool {
    let (_, tag) = panel
        .split_once(&format!("id=\"press-{button}\""))
        .unwrap_or_else(|| panic!("there is no button {button}"));
    let (tag, _) = tag.split_once('>').unwrap();
    tag.contains(r#"aria-pressed="true""#)
}

#[tokio::test]
async fn every_control_leads_back_to_the_panel() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for (control, fields) in CONTROLS {
        browser.press(control, fields).await;
        let form = browser.submit(&path(control), fields).await;
        assert_eq!(form.location(), "/bff/faults", "{control}");
        let fields: Vec<_> = [fields, &[("kind", "browser")]].concat();
        let form = browser.submit(&path(control), &fields).await;
        assert_eq!(form.location(), "/browser/faults", "{control}");
    }
}

#[tokio::test]
async fn what_there_is_not_is_a_bad_request_that_repeats_nothing() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let table: [(&str, &[(&str, &str)]); 12] = [
        ("fault", &[("preset", "<i>")]),
        ("fault", &[]),
        ("fault", &[("preset", "strict")]),
        ("policy", &[("preset", "lost_answer")]),
        ("policy", &[("preset", "strict"), ("kind", "nobody")]),
        ("belief", &[("reuse", "anything")]),
        ("clock", &[("clock", "mine"), ("seconds", "1")]),
        ("clock", &[("clock", "api"), ("seconds", "soon")]),
        ("clock", &[("clock", "api"), ("seconds", "86401")]),
        (
            "clock",
            &[("clock", "api"), ("seconds", "-9223372036854775808")],
        ),
        ("sign_out", &[("person", "mallory")]),
        ("revoke", &[("person", "<i>")]),
    ];
    let before = browser.panel().await;
    for (control, fields) in table {
        let answer = browser.post(&path(control), fields).await;
        let (status, code) = answer.problem();
        assert_eq!(status, 400, "{control} {fields:?}");
        assert!(["bad_request", "unknown_kind"].contains(&code.as_str()));
        assert!(!answer.text.contains("<i>"), "{}", answer.text);
    }
    let settled = |panel: &str| panel.matches(r#"aria-pressed="true""#).count();
    assert_eq!(settled(&browser.panel().await), settled(&before));
    let wrong = browser.get(&path("reset")).await;
    assert_eq!(wrong.problem(), (405, "method_not_allowed".into()));
}

#[tokio::test]
async fn another_site_makes_nothing_go_wrong() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for (control, fields) in CONTROLS {
        let body: Vec<_> = fields.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let body = body.join("&");
        for site in ["cross-site", "same-site"] {
            let forged = Request::post(path(control))
                .header("sec-fetch-site", site)
                .header("x-csrf", "1");
            let answer = browser.send(forged, body.clone()).await;
            assert_eq!(answer.problem(), (403, "cross_site".into()), "{control}");
        }
        let unmarked = browser.send(Request::post(path(control)), body).await;
        assert_eq!(unmarked.problem(), (403, "cross_site".into()), "{control}");
    }
    let panel = browser.panel().await;
    assert!(is_pressed(&panel, "fault-none") && is_pressed(&panel, "policy-strict"));
}

#[tokio::test]
async fn without_a_demo_there_are_neither_controls_nor_a_panel() {
    let app = TestApp::start_with(|config, _| {
        config.demo = false;
        config.demo_provider = None;
        // In the demo they would be made.
        let mut keys = OpenOptions::new();
        let keys = keys.create_new(true).write(true).mode(0o600);
        let keys = keys.open(&config.key_file);
        writeln!(keys.unwrap(), "{}", confidant_bff::keygen(&SystemRandom)).unwrap();
    })
    .await;
    let browser = app.browser();
    for (control, fields) in CONTROLS {
        let answer = browser.post(&path(control), fields).await;
        assert_eq!(answer.problem(), (404, "not_found".into()), "{control}");
        // Not even another method of theirs.
        let answer = browser.get(&path(control)).await;
        assert_eq!(answer.problem(), (404, "not_found".into()), "{control}");
    }
    let fields = [("kind", "bff")];
    let answer = browser.post(&path("active"), &fields).await;
    assert_eq!(answer.problem(), (404, "not_found".into()));
    browser.sign_in("alice").await;
    assert_eq!(browser.open("/bff/faults").await.status, 404);
    let menu = browser.open("/bff/menu").await.text;
    assert!(menu.contains("at·") && !menu.contains("go wrong"), "{menu}");
    let providers = browser.get("/auth/providers").await;
    assert!(!providers.text.contains("faults"), "{}", providers.text);
}

#[tokio::test]
async fn the_panel_says_what_is_in_force_and_how_often_it_struck() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let panel = browser.panel().await;
    assert!(panel.contains("Strict rotation") && panel.contains("None."));
    browser.press("fault", &[("preset", "503_once")]).await;
    let panel = browser.panel().await;
    assert!(is_pressed(&panel, "fault-503_once") && !is_pressed(&panel, "fault-none"));
    assert!(panel.contains("503 once: has not struck yet, and will once."));
    browser.post("/auth/refresh", &[]).await.good();
    // The other pages say it in their note, too.
    for page in ["/bff/faults", "/bff/menu"] {
        let text = browser.open(page).await.text;
        assert!(
            text.contains("503 once: has struck once, and is over."),
            "{page}"
        );
    }
    browser
        .press("clock", &[("clock", "api"), ("seconds", "90")])
        .await;
    let panel = browser.panel().await;
    assert!(
        panel.contains("The API’s clock is 90 seconds fast"),
        "{panel}"
    );
    browser.press("reset", &[]).await;
    let panel = browser.panel().await;
    assert!(is_pressed(&panel, "fault-none") && is_pressed(&panel, "clock-api-0"));
}

#[tokio::test]
async fn policies_of_different_kinds_hold_together_until_reset() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for preset in ["grace_b", "access_token_15_s", "old_access_token_killed"] {
        browser.press("policy", &[("preset", preset)]).await;
    }
    let panel = browser.panel().await;
    for button in ["grace_b", "access_token_15_s", "old_access_token_killed"] {
        assert!(is_pressed(&panel, &format!("policy-{button}")), "{button}");
    }
    // The client believes what is so, and can be told otherwise.
    assert!(is_pressed(&panel, "belief-grace"));
    browser.press("policy", &[("preset", "strict")]).await;
    browser.press("belief", &[("reuse", "grace")]).await;
    let panel = browser.panel().await;
    assert!(is_pressed(&panel, "policy-strict") && is_pressed(&panel, "belief-grace"));
    assert!(panel.contains("That is wrong"), "{panel}");
    browser.press("reset", &[]).await;
    let panel = browser.panel().await;
    assert!(is_pressed(&panel, "belief-strict") && is_pressed(&panel, "policy-access_token_60_s"));
    assert!(!panel.contains("That is wrong"));
}

#[tokio::test]
async fn a_kind_sees_the_policies_of_its_own_client_and_the_faults_that_concern_it() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let fields = [("preset", "grace_a"), ("kind", "browser")];
    browser.post(&path("policy"), &fields).await.good();
    let of = async |kind: &str| browser.open(&format!("/{kind}/faults")).await.text;
    let (bff, spa, dpop) = (
        of("bff").await,
        of("browser").await,
        of("browser-dpop").await,
    );
    assert!(is_pressed(&bff, "policy-strict") && is_pressed(&spa, "policy-grace_a"));
    assert!(bff.contains("confidant-web") && spa.contains("confidant-spa"));
    assert!(!bff.contains("without_cors") && spa.contains("without_cors"));
    assert!(!spa.contains("dpop_nonce") && dpop.contains("dpop_nonce"));
    assert!(
        !spa.contains("press-belief"),
        "what pages believe is built in"
    );
    let fields = [("kind", "nobody")];
    let nobody = browser.post(&path("active"), &fields).await;
    assert_eq!(nobody.problem(), (400, "unknown_kind".into()));
}

/// What the server sent to the token endpoint for refreshes, by their status.
async fn refreshes(browser: &Browser<'_>) -> Vec<Value> {
    let log = browser.get("/auth/log").await.good();
    let all = log["exchanges"].as_array().unwrap();
    let is_refresh = |it: &&Value| it["sent"].to_string().contains(r#""refresh_token"}"#);
    all.iter()
        .filter(is_refresh)
        .map(|it| it["status"].clone())
        .collect()
}

#[tokio::test]
async fn under_grace_a_lost_answer_is_asked_for_again_at_once() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    browser.press("policy", &[("preset", "grace_b")]).await;
    browser.press("fault", &[("preset", "lost_answer")]).await;
    browser.post("/auth/expire", &[]).await.good();
    let page = browser.open("/bff/automatic_refresh").await;
    assert_eq!(page.status, 200);
    assert!(
        page.text.contains("The first request got no answer"),
        "{}",
        page.text
    );
    assert_eq!(refreshes(&browser).await, [json!(null), json!(200)]);
}

#[tokio::test]
async fn a_wrong_belief_in_grace_costs_the_session_and_says_so() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    browser.press("belief", &[("reuse", "grace")]).await;
    browser.press("fault", &[("preset", "lost_answer")]).await;
    browser.post("/auth/expire", &[]).await.good();
    let answer = browser.get("/auth/profile").await;
    assert_eq!(answer.problem(), (401, "grant_dead".into()));
}

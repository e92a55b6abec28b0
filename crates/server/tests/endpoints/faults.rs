//! The fault panel: its controls of the demo provider, which exist only in the
//! demo.

use crate::app::{Browser, TestApp};
use axum::http::Request;
use confidant_bff::SystemRandom;
use serde_json::{Value, json};
use std::{fs::OpenOptions, io::Write, os::unix::fs::OpenOptionsExt};

/// Every control, with the fields of a valid form.
const CONTROLS: [(&str, &[(&str, &str)]); 7] = [
    ("fault", &[("preset", "lost_answer")]),
    ("policy", &[("preset", "grace_b")]),
    ("reuse_rule", &[("reuse", "grace")]),
    ("clock", &[("clock", "api"), ("seconds", "90")]),
    ("sign_out", &[("user", "alice")]),
    ("revoke", &[("user", "alice")]),
    ("reset", &[]),
];

fn path(control: &str) -> String {
    format!("/app/demo/{control}")
}

impl Browser<'_> {
    /// Uses a control of the panel.
    pub(crate) async fn control(&self, control: &str, fields: &[(&str, &str)]) {
        let response = self.post(&path(control), fields).await;
        assert_eq!(response.success()["go_to"], "/bff/faults", "{control}");
    }

    /// Returns the panel's page.
    async fn panel(&self) -> String {
        self.open("/bff/faults").await.text
    }
}

/// Returns whether the panel shows this choice as in force.
#[track_caller]
fn is_in_force(panel: &str, button: &str) -> bool {
    let (_, tag) = panel
        .split_once(&format!("id=\"command-{button}\""))
        .unwrap_or_else(|| panic!("there is no button {button}"));
    let (tag, _) = tag.split_once('>').unwrap();
    tag.contains(r#"aria-pressed="true""#)
}

#[tokio::test]
async fn every_control_redirects_to_the_panel() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for (control, fields) in CONTROLS {
        browser.control(control, fields).await;
        let form = browser.submit(&path(control), fields).await;
        assert_eq!(form.location(), "/bff/faults", "{control}");
        let fields: Vec<_> = [fields, &[("kind", "browser")]].concat();
        let form = browser.submit(&path(control), &fields).await;
        assert_eq!(form.location(), "/browser/faults", "{control}");
    }
}

#[tokio::test]
async fn an_unknown_name_is_a_bad_request_that_does_not_repeat_it() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let table: [(&str, &[(&str, &str)]); 12] = [
        ("fault", &[("preset", "<i>")]),
        ("fault", &[]),
        ("fault", &[("preset", "strict")]),
        ("policy", &[("preset", "lost_answer")]),
        ("policy", &[("preset", "strict"), ("kind", "unknown")]),
        ("reuse_rule", &[("reuse", "anything")]),
        ("clock", &[("clock", "mine"), ("seconds", "1")]),
        ("clock", &[("clock", "api"), ("seconds", "soon")]),
        ("clock", &[("clock", "api"), ("seconds", "86401")]),
        (
            "clock",
            &[("clock", "api"), ("seconds", "-9223372036854775808")],
        ),
        ("sign_out", &[("user", "mallory")]),
        ("revoke", &[("user", "<i>")]),
    ];
    let before = browser.panel().await;
    for (control, fields) in table {
        let response = browser.post(&path(control), fields).await;
        let (status, code) = response.problem();
        assert_eq!(status, 400, "{control} {fields:?}");
        assert!(["bad_request", "unknown_kind"].contains(&code.as_str()));
        assert!(!response.text.contains("<i>"), "{}", response.text);
    }
    let in_force = |panel: &str| panel.matches(r#"aria-pressed="true""#).count();
    assert_eq!(in_force(&browser.panel().await), in_force(&before));
    let wrong = browser.get(&path("reset")).await;
    assert_eq!(wrong.problem(), (405, "method_not_allowed".into()));
}

#[tokio::test]
async fn another_site_cannot_use_the_controls() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for (control, fields) in CONTROLS {
        let body: Vec<_> = fields.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let body = body.join("&");
        for site in ["cross-site", "same-site"] {
            let forged = Request::post(path(control))
                .header("sec-fetch-site", site)
                .header("x-csrf", "1");
            let response = browser.send(forged, body.clone()).await;
            assert_eq!(response.problem(), (403, "cross_site".into()), "{control}");
        }
        let without_header = browser.send(Request::post(path(control)), body).await;
        assert_eq!(
            without_header.problem(),
            (403, "cross_site".into()),
            "{control}"
        );
    }
    let panel = browser.panel().await;
    assert!(is_in_force(&panel, "fault-none") && is_in_force(&panel, "policy-strict"));
}

#[tokio::test]
async fn without_the_demo_there_are_neither_controls_nor_a_panel() {
    let app = TestApp::start_with(|config, _| {
        config.demo = false;
        config.demo_provider = None;
        // Only the demo creates this file.
        let mut keys = OpenOptions::new();
        let keys = keys.create_new(true).write(true).mode(0o600);
        let keys = keys.open(&config.key_file);
        writeln!(keys.unwrap(), "{}", confidant_bff::keygen(&SystemRandom)).unwrap();
    })
    .await;
    let browser = app.browser();
    for (control, fields) in CONTROLS {
        let response = browser.post(&path(control), fields).await;
        assert_eq!(response.problem(), (404, "not_found".into()), "{control}");
        // Another method is not found either.
        let response = browser.get(&path(control)).await;
        assert_eq!(response.problem(), (404, "not_found".into()), "{control}");
    }
    let fields = [("kind", "bff")];
    let response = browser.post(&path("active"), &fields).await;
    assert_eq!(response.problem(), (404, "not_found".into()));
    browser.sign_in("alice").await;
    assert_eq!(browser.open("/bff/faults").await.status, 404);
    let menu = browser.open("/bff/menu").await.text;
    assert!(menu.contains("at·") && !menu.contains("go wrong"), "{menu}");
    let providers = browser.get("/auth/providers").await;
    assert!(!providers.text.contains("faults"), "{}", providers.text);
}

#[tokio::test]
async fn the_panel_shows_the_fault_in_force_and_how_often_it_was_applied() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let panel = browser.panel().await;
    assert!(panel.contains("Strict rotation") && panel.contains("None."));
    browser.control("fault", &[("preset", "503_once")]).await;
    let panel = browser.panel().await;
    assert!(is_in_force(&panel, "fault-503_once") && !is_in_force(&panel, "fault-none"));
    assert!(panel.contains("503 once: not applied yet, once to come."));
    browser.post("/auth/refresh", &[]).await.success();
    // Other pages show it, too.
    for page in ["/bff/faults", "/bff/menu"] {
        let text = browser.open(page).await.text;
        assert!(text.contains("503 once: applied once, now over."), "{page}");
    }
    browser
        .control("clock", &[("clock", "api"), ("seconds", "90")])
        .await;
    let panel = browser.panel().await;
    assert!(
        panel.contains("The API’s clock is 90 seconds fast"),
        "{panel}"
    );
    browser.control("reset", &[]).await;
    let panel = browser.panel().await;
    assert!(is_in_force(&panel, "fault-none") && is_in_force(&panel, "clock-api-0"));
}

#[tokio::test]
async fn policies_on_different_subjects_apply_together_until_reset() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for preset in ["grace_b", "access_token_15_s", "old_access_token_killed"] {
        browser.control("policy", &[("preset", preset)]).await;
    }
    let panel = browser.panel().await;
    for button in ["grace_b", "access_token_15_s", "old_access_token_killed"] {
        assert!(is_in_force(&panel, &format!("policy-{button}")), "{button}");
    }
    // The reuse rule follows the policy, and can be overridden.
    assert!(is_in_force(&panel, "reuse_rule-grace"));
    browser.control("policy", &[("preset", "strict")]).await;
    browser.control("reuse_rule", &[("reuse", "grace")]).await;
    let panel = browser.panel().await;
    assert!(is_in_force(&panel, "policy-strict") && is_in_force(&panel, "reuse_rule-grace"));
    assert!(panel.contains("That is wrong"), "{panel}");
    browser.control("reset", &[]).await;
    let panel = browser.panel().await;
    assert!(
        is_in_force(&panel, "reuse_rule-strict") && is_in_force(&panel, "policy-access_token_60_s")
    );
    assert!(!panel.contains("That is wrong"));
}

#[tokio::test]
async fn a_kind_sees_the_policies_of_its_own_client_and_only_relevant_faults() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let fields = [("preset", "grace_a"), ("kind", "browser")];
    browser.post(&path("policy"), &fields).await.success();
    let of = async |kind: &str| browser.open(&format!("/{kind}/faults")).await.text;
    let (bff, spa, dpop) = (
        of("bff").await,
        of("browser").await,
        of("browser-dpop").await,
    );
    assert!(is_in_force(&bff, "policy-strict") && is_in_force(&spa, "policy-grace_a"));
    assert!(bff.contains("confidant-web") && spa.contains("confidant-spa"));
    assert!(!bff.contains("without_cors") && spa.contains("without_cors"));
    assert!(!spa.contains("dpop_nonce") && dpop.contains("dpop_nonce"));
    assert!(
        !spa.contains("command-reuse_rule"),
        "the reuse rule of public clients is built in"
    );
    let fields = [("kind", "unknown")];
    let unknown = browser.post(&path("active"), &fields).await;
    assert_eq!(unknown.problem(), (400, "unknown_kind".into()));
}

/// Returns the statuses of the session's refresh requests.
async fn refreshes(browser: &Browser<'_>) -> Vec<Value> {
    let log = browser.get("/auth/log").await.success();
    let all = log["exchanges"].as_array().unwrap();
    let is_refresh =
        |exchange: &&Value| exchange["sent"].to_string().contains(r#""refresh_token"}"#);
    all.iter()
        .filter(is_refresh)
        .map(|exchange| exchange["status"].clone())
        .collect()
}

#[tokio::test]
async fn under_grace_a_refresh_without_response_is_repeated_at_once() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    browser.control("policy", &[("preset", "grace_b")]).await;
    browser.control("fault", &[("preset", "lost_answer")]).await;
    browser.post("/auth/expire", &[]).await.success();
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
async fn a_reuse_rule_of_grace_under_strict_rotation_ends_the_session() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    browser.control("reuse_rule", &[("reuse", "grace")]).await;
    browser.control("fault", &[("preset", "lost_answer")]).await;
    browser.post("/auth/expire", &[]).await.success();
    let response = browser.get("/auth/profile").await;
    assert_eq!(response.problem(), (401, "grant_dead".into()));
}

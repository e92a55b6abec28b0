//! What the server renders of a client's page.

use super::*;
use crate::{
    page_data::{Outcome, PageData},
    routes, samples,
};
use confidant_wire::Code;

fn rendered(page: Page, content: Content) -> String {
    let kind = ClientKind::BFF;
    samples::link();
    let client = clients::client(kind).unwrap();
    let providers = clients::choices(client, &[samples::provider()]);
    let settings = String::new();
    samples::html(|| {
        view! { <ClientPage kind page content panel=None providers settings>"The bar"</ClientPage> }
    })
}

fn shown(page: Page, outcome: Result<Outcome, Problem>) -> (u16, String) {
    let data = PageData {
        outcome,
        ..samples::page_data()
    };
    let content = Content::Show(Box::new(data));
    (status(page, &content), rendered(page, content))
}

#[test]
fn the_menu_offers_the_four_actions_as_plain_forms() {
    let (_, html) = shown(Page::Menu, Ok(Outcome::Nothing));
    for form in [
        r#"<form method="get" action="/bff/profile""#,
        r#"<form method="get" action="/bff/validate""#,
        r#"<form method="post" action="/app/refresh_token""#,
        r#"<form method="post" action="/app/expire_and_call""#,
    ] {
        assert!(html.contains(form), "{form} is missing from {html}");
    }
}

#[test]
fn a_failed_call_leaves_the_token_view_and_the_log_in_place() {
    let problem = Problem::new(Code::ProviderUnavailable, "No answer within 10 s.");
    let (status, html) = shown(Page::Profile, Err(problem));
    assert_eq!(status, 503);
    for part in [
        "at·7f3a9c",
        "Back to the menu",
        "No answer within 10 s.",
        "What just travelled",
    ] {
        assert!(html.contains(part), "{part} is missing from {html}");
    }
}

#[test]
fn an_automatic_refresh_shows_both_tokens_and_the_answer() {
    let claims = vec![("sub".to_owned(), "alice".to_owned())];
    let (_, html) = shown(Page::AutomaticRefresh, Ok(Outcome::Profile(claims)));
    for part in [
        "Nobody noticed",
        "rt·88d1f2",
        "rt·19c2e0",
        "<dt>sub</dt><dd>alice</dd>",
    ] {
        assert!(html.contains(part), "{part} is missing from {html}");
    }
}

#[test]
fn without_a_session_the_page_asks_to_sign_in_and_says_why() {
    let gone = Problem::new(Code::GrantDead, "Revoked at the provider.");
    let content = Content::Refused(gone);
    assert_eq!(status(Page::Profile, &content), 401);
    let html = rendered(Page::Profile, content);
    for part in [
        "Sign in first",
        "Revoked at the provider.",
        r#"name="return_to" value="/bff/profile""#,
        r#"name="provider" value="demo""#,
        r#"name="kind" value="bff""#,
    ] {
        assert!(html.contains(part), "{part} is missing from {html}");
    }
}

#[test]
fn no_page_needs_an_inline_style_or_script() {
    let (_, html) = shown(Page::Menu, Ok(Outcome::Nothing));
    for forbidden in [" style=", "<style", "<script", "<textarea", " onclick="] {
        assert!(!html.contains(forbidden), "{forbidden} in {html}");
    }
}

#[test]
fn a_browser_without_scripts_is_shown_a_way_on() {
    samples::link();
    let client = clients::client(routes::BROWSER).unwrap();
    assert_eq!(title(client, Page::Menu, &Content::Loading), "Browser");
    let html = samples::html(without_scripts);
    assert!(html.starts_with("<noscript>"), "{html}");
    assert!(html.contains(r#"href="/bff/menu""#), "{html}");
}

//! The pages that every kind of client has: one frame, five contents.

use super::{
    change::change,
    log::log,
    outcome::{headline, outcome},
    plain,
    seen::Seen,
    sign_in_first,
    token::facts,
};
use crate::{
    client::{self, Source},
    clock::{self, Life},
    form,
    page::{Page, Parts, Reading},
    problem,
};
use confidant_wire::{Code, Problem, ProviderView, SessionView, SignedIn, TokenView};
use maud::{Markup, html};

/// Makes the page's call and draws the page. Without a session nothing is
/// called.
pub(super) async fn page(
    source: &dyn Source,
    page: Page,
    session: Result<SessionView, Problem>,
    providers: &[ProviderView],
) -> Reading {
    match whose(source, session) {
        Ok(session) => {
            let seen = Seen::read(source, page).await;
            #[cfg(feature = "public")]
            crate::browser::leave_report(&seen.report);
            #[cfg(feature = "ssr")]
            if let Err(Problem {
                code: Code::Reauthorize,
                ..
            }) = seen.found
                && let path = page.path(source.kind())
                && let Some(url) = crate::endpoint::way_back(&path).await
            {
                return Reading::leading(path, 303, url);
            }
            draw(source, page, &session, &seen, providers)
        }
        Err(problem) => refused(source, page, &problem, providers),
    }
}

fn draw(
    source: &dyn Source,
    page: Page,
    session: &SignedIn,
    seen: &Seen,
    providers: &[ProviderView],
) -> Reading {
    match &seen.token {
        Ok(token) => whole(source, page, session, token, seen, providers),
        Err(problem) => refused(source, page, problem, providers),
    }
}

fn refused(
    source: &dyn Source,
    page: Page,
    problem: &Problem,
    providers: &[ProviderView],
) -> Reading {
    match problem.code.status() {
        401 => sign_in_first::page(source, providers, &page.path(source.kind()), problem),
        status => plain(
            status,
            page.title(),
            problem::page(problem, Some(source.kind())),
        ),
    }
}

/// Whose page it is, or why it is nobody's.
pub(super) fn whose(
    source: &dyn Source,
    session: Result<SessionView, Problem>,
) -> Result<SignedIn, Problem> {
    let SessionView { session, ended, .. } = session?;
    if let Some(problem) = ended {
        return Err(problem);
    }
    let nobody = || Problem::new(Code::NotSignedIn, "Nobody is signed in.");
    let session = session.ok_or_else(nobody)?;
    if session.kind == source.kind() {
        return Ok(session);
    }
    // The server holds one session for a browser, of one kind or the other.
    let other = client::source(session.kind).map_or("another kind", |it| it.portrait().name);
    Err(Problem::new(
        Code::OtherKind,
        format!("This browser is signed in, but to another kind of client: {other}."),
    ))
}

/// The page of somebody who is signed in.
fn whole(
    source: &dyn Source,
    page: Page,
    session: &SignedIn,
    token: &TokenView,
    seen: &Seen,
    providers: &[ProviderView],
) -> Reading {
    let status = match &seen.found {
        Ok(_) => 200,
        Err(problem) => problem.code.status(),
    };
    Reading {
        status,
        title: page.title().to_owned(),
        life: Some(Life::from(token)),
        parts: Parts {
            top: top(source, page, session, token, seen).into_string(),
            main: main(source, page, seen, providers).into_string(),
            token: facts(source, token, &seen.held).into_string(),
            log: log(&seen.report.exchanges).into_string(),
            ..Parts::default()
        },
        ..Reading::default()
    }
}

fn top(
    source: &dyn Source,
    page: Page,
    session: &SignedIn,
    token: &TokenView,
    seen: &Seen,
) -> Markup {
    let changed = seen.report.change.as_ref();
    let portrait = source.portrait();
    html! {
        @if page != Page::Menu {
            p.back { a href=(Page::Menu.path(source.kind())) { "Back to the menu" } }
        }
        h1 { (headline(source, page, seen.found.as_ref().ok(), changed)) }
        p.soft {
            @if page == Page::Menu {
                (portrait.obtained_by) " " (session.provider_name) " "
                (clock::ago(token.obtained_at, token.now)) " "
                (portrait.obtained_as) ". What would you like to do next?"
            } @else {
                "Signed in at " (session.provider_name) " as " (session.name) "."
            }
        }
    }
}

fn main(source: &dyn Source, page: Page, seen: &Seen, providers: &[ProviderView]) -> Markup {
    let problem = match &seen.found {
        Ok(found) => return outcome(source, page, found, &seen.report),
        Err(problem) => problem,
    };
    let kind = source.kind();
    html! {
        (problem::told(problem, false, Some(kind)))
        @if problem.code.status() == 401 {
            (form::sign_in(source, providers, Some(&page.path(kind))))
        }
        (change(&seen.report))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{client::Held, draw::seen::Found, sample};
    use confidant_wire::{Cause, Claims, Report};

    fn drawn(page: Page, found: Result<Found, Problem>) -> Reading {
        let seen = Seen {
            found,
            token: Ok(sample::token()),
            held: Held::default(),
            report: Report {
                change: Some(sample::change(Cause::Automatic)),
                exchanges: sample::refreshed_call(),
            },
        };
        draw(
            client::default(),
            page,
            &sample::signed_in(),
            &seen,
            &[sample::provider()],
        )
    }

    #[test]
    fn the_menu_offers_the_four_actions_as_plain_forms() {
        let main = drawn(Page::Menu, Ok(Found::Nothing)).parts.main;
        for form in [
            r#"<form method="get" action="/bff/profile""#,
            r#"<form method="get" action="/bff/validate""#,
            r#"<form method="post" action="/auth/refresh""#,
            r#"<form method="post" action="/auth/expire""#,
        ] {
            assert!(main.contains(form), "{form} is missing from {main}");
        }
    }

    #[test]
    fn a_failed_call_leaves_the_token_view_and_the_log_in_place() {
        let problem = Problem::new(Code::ProviderUnavailable, "No answer within 10 s.");
        let Reading {
            status,
            parts,
            life,
            ..
        } = drawn(Page::Profile, Err(problem));
        assert_eq!(status, 503);
        assert!(life.is_some() && parts.token.contains("at·7f3a9c"));
        assert!(parts.top.contains("Back to the menu"));
        assert!(parts.main.contains("No answer within 10 s."));
        assert!(parts.log.contains("What just travelled"));
    }

    #[test]
    fn an_automatic_refresh_shows_both_tokens_and_the_answer() {
        let claims = Claims::from_iter([("sub".to_owned(), "alice".into())]);
        let parts = drawn(Page::AutomaticRefresh, Ok(Found::Profile(claims))).parts;
        assert!(parts.top.contains("Nobody noticed"), "{}", parts.top);
        for part in ["rt·88d1f2", "rt·19c2e0", "<dt>sub</dt><dd>alice</dd>"] {
            assert!(
                parts.main.contains(part),
                "{part} is missing from {}",
                parts.main
            );
        }
    }

    #[test]
    fn without_a_session_the_page_asks_to_sign_in_and_says_why() {
        let source = client::default();
        let gone = Problem::new(Code::GrantDead, "Revoked at the provider.");
        let session = SessionView {
            ended: Some(gone),
            ..SessionView::default()
        };
        let problem = whose(source, Ok(session)).unwrap_err();
        let reading = refused(source, Page::Profile, &problem, &[]);
        assert_eq!(reading.status, 401);
        assert!(reading.parts.top.contains("Revoked at the provider."));
    }

    #[test]
    fn a_session_of_another_kind_is_not_taken_for_ones_own() {
        let session = SessionView {
            signed_in: true,
            session: Some(sample::signed_in()),
            ..SessionView::default()
        };
        assert!(whose(client::default(), Ok(session.clone())).is_ok());
        let mediated = client::source(confidant_wire::ClientKind::MEDIATED).unwrap();
        let problem = whose(mediated, Ok(session)).unwrap_err();
        assert_eq!(problem.code, Code::OtherKind);
    }

    #[test]
    fn no_page_needs_an_inline_style_or_script() {
        let parts = drawn(Page::Menu, Ok(Found::Nothing)).parts;
        let html = [parts.top, parts.main, parts.token, parts.log].concat();
        for forbidden in [" style=", "<style", "<script", "<textarea", " onclick="] {
            assert!(!html.contains(forbidden), "{forbidden} in {html}");
        }
    }
}

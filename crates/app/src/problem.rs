//! A failure, told so that a person knows how to go on.

use crate::part;
use leptos::prelude::*;
use maud::{Markup, html};
use wire::{Code, Problem};

/// What a code means to a person.
struct Advice {
    title: &'static str,
    kept: &'static str,
    next: &'static str,
    href: &'static str,
    link: &'static str,
}

fn advice(code: Code) -> Advice {
    const NOTHING_CHANGED: &str = "Nothing was changed by it.";
    const ALL_KEPT: &str = "Your session and its tokens are kept.";
    let (title, kept, next) = match code {
        Code::AccessDenied => (
            "The sign-in was declined",
            "Nobody was signed in, and no token was given.",
            "If that was a mistake, sign in again and agree.",
        ),
        Code::BadState | Code::IssuerMismatch | Code::AuthorizationFailed | Code::CodeRefused => (
            "The sign-in did not work out",
            "Nobody was signed in by it. A session that you had before goes on.",
            "Begin again from the start page.",
        ),
        Code::BadRequest | Code::UnknownProvider | Code::UnknownKind | Code::BadReturnTo => (
            "That request makes no sense here",
            NOTHING_CHANGED,
            "Begin again from the start page.",
        ),
        Code::BodyTooLarge => ("That request is too large", NOTHING_CHANGED, "Send less."),
        Code::NotFound | Code::MethodNotAllowed | Code::UnknownApi => (
            "There is no such page",
            NOTHING_CHANGED,
            "Look for it from the start page.",
        ),
        Code::NotSignedIn => (
            "Nobody is signed in",
            NOTHING_CHANGED,
            "Sign in, then try again.",
        ),
        Code::OtherKind => (
            "Signed in, but as another kind of client",
            "That session goes on for as long as you do not sign in here.",
            "Sign in again, to this kind.",
        ),
        Code::GrantDead => (
            "The session has ended",
            "The provider no longer honours its tokens, so they were deleted.",
            "Sign in again.",
        ),
        Code::Reauthorize => (
            "The answer to the refresh was lost",
            "Your session is kept, and so is the access token for as long as it lives.",
            "Go on as before. Mostly the provider remembers you when it is asked anew, and asks \
             you nothing.",
        ),
        Code::CrossSite => (
            "That request came from another site",
            "It was not carried out.",
            "If it was you, do it again from our own page.",
        ),
        Code::NoRefreshToken => (
            "There is no refresh token",
            "The access token is kept, and works until it runs out.",
            "Sign in again when it has.",
        ),
        Code::NotOffered => (
            "The provider does not offer that",
            ALL_KEPT,
            "There is nothing to try again.",
        ),
        Code::ProviderMisbehaved | Code::ClientMisconfigured => (
            "The provider did not go along",
            ALL_KEPT,
            "Try again. If it stays so, the operator of this site has to look into it.",
        ),
        Code::ProviderUnavailable => (
            "The provider cannot be reached",
            ALL_KEPT,
            "Try again in a moment.",
        ),
        Code::StoreUnavailable => (
            "The database does not answer",
            ALL_KEPT,
            "Try again in a moment.",
        ),
        _ => ("Something went wrong", ALL_KEPT, "Try again."),
    };
    let (href, link) = match code {
        Code::AccessDenied
        | Code::BadState
        | Code::IssuerMismatch
        | Code::AuthorizationFailed
        | Code::CodeRefused
        | Code::NotSignedIn
        | Code::OtherKind
        | Code::GrantDead => ("/", "Sign in again"),
        Code::BadRequest
        | Code::UnknownProvider
        | Code::UnknownKind
        | Code::BadReturnTo
        | Code::NotFound => ("/", "Go to the start page"),
        Code::Reauthorize => ("/menu", "Go on"),
        _ => ("/menu", "Back to the menu"),
    };
    Advice {
        title,
        kept,
        next,
        href,
        link,
    }
}

/// The headline for a problem.
pub(crate) fn title(problem: &Problem) -> &'static str {
    advice(problem.code).title
}

/// What happened, what was kept, what to do now. `heading` is off where the
/// page's own headline says the title already.
pub(crate) fn told(problem: &Problem, heading: bool) -> Markup {
    let Advice {
        title,
        kept,
        next,
        href,
        link,
    } = advice(problem.code);
    html! {
        section.sheet.problem role="alert" {
            @if heading { h2 { (title) } }
            p { (problem.message) }
            p { (kept) " " (next) }
            p.soft { "Code " code { (problem.code) } " · " a href=(href) { (link) } }
        }
    }
}

/// A page of which nothing could be read.
pub(crate) fn page(problem: &Problem) -> Markup {
    html! {
        h1 { "That did not work" }
        (told(problem, true))
    }
}

/// The place where the problem of the last deed is told, if there is one.
pub(crate) fn area(problem: RwSignal<Option<Problem>>) -> AnyView {
    part::moving("", move || {
        problem.with(|problem| html! { @if let Some(problem) = problem { (told(problem, true)) } })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_says_what_was_kept_and_shows_a_way_on() {
        for code in Code::ALL {
            let advice = advice(*code);
            assert!(!advice.kept.is_empty() && !advice.next.is_empty(), "{code}");
            assert!(advice.href.starts_with('/'), "{code}");
        }
    }

    #[test]
    fn a_message_is_never_markup() {
        let problem = Problem::new(Code::Internal, "<script>alert(1)</script>");
        let html = told(&problem, true).into_string();
        assert!(!html.contains("<script>"), "{html}");
        assert!(html.contains("&lt;script&gt;"), "{html}");
    }
}

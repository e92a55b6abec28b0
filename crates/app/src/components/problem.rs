//! A failure, reported so that the user knows how to go on.

use crate::routes::{Page, START};
use confidant_wire::{ClientKind, Code, Problem};
use leptos::prelude::*;

/// What a code means to a user.
struct Advice {
    title: &'static str,
    kept: &'static str,
    next: &'static str,
    way: Way,
}

/// The link that leads on.
enum Way {
    SignIn,
    /// To the menu, which gets new tokens without a question.
    On,
    Start,
    Menu,
}

impl Way {
    /// Returns the link's target, from a page of this client kind, and its text.
    fn link(&self, kind: Option<ClientKind>) -> (String, &'static str) {
        let menu = |kind| Page::Menu.path(kind);
        match self {
            // The start page signs in to the backend for frontend, the menu of
            // every other kind to that kind.
            Self::SignIn => match kind {
                Some(kind) if kind != ClientKind::BFF => (menu(kind), "Sign in again"),
                _ => (START.to_owned(), "Sign in again"),
            },
            Self::Start => (START.to_owned(), "Go to the start page"),
            Self::On => (menu(kind.unwrap_or(ClientKind::BFF)), "Go on"),
            Self::Menu => (menu(kind.unwrap_or(ClientKind::BFF)), "Back to the menu"),
        }
    }
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
            "Begin again.",
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
            "Nothing can be stored just now",
            NOTHING_CHANGED,
            "Try again in a moment.",
        ),
        _ => ("Something went wrong", ALL_KEPT, "Try again."),
    };
    let way = match code {
        Code::AccessDenied
        | Code::BadState
        | Code::IssuerMismatch
        | Code::AuthorizationFailed
        | Code::CodeRefused
        | Code::NotSignedIn
        | Code::OtherKind
        | Code::GrantDead => Way::SignIn,
        Code::BadRequest
        | Code::UnknownProvider
        | Code::UnknownKind
        | Code::BadReturnTo
        | Code::NotFound => Way::Start,
        Code::Reauthorize => Way::On,
        _ => Way::Menu,
    };
    Advice {
        title,
        kept,
        next,
        way,
    }
}

/// Returns the headline for a problem.
pub(crate) fn title(problem: &Problem) -> &'static str {
    advice(problem.code).title
}

/// What happened, what was kept, and what to do now. `heading` is off where the
/// page's own headline is the title already. `kind` is the client kind of the
/// page, if it has one.
#[component]
pub(crate) fn ProblemNotice(
    problem: Problem,
    heading: bool,
    kind: Option<ClientKind>,
) -> impl IntoView {
    let Advice {
        title,
        kept,
        next,
        way,
    } = advice(problem.code);
    let (href, link) = way.link(kind);
    view! {
        <section class="sheet problem" role="alert">
            {heading.then(|| view! { <h2>{title}</h2> }.into_any())}
            <p>{problem.message}</p>
            <p>{kept} {" "} {next}</p>
            <p class="soft">
                {"Code "} <code>{problem.code.to_string()}</code> {" · "} <a href=href>{link}</a>
            </p>
        </section>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn every_code_says_what_was_kept_and_shows_a_way_on() {
        for code in Code::ALL {
            let advice = advice(*code);
            assert!(!advice.kept.is_empty() && !advice.next.is_empty(), "{code}");
            for kind in [None, Some(ClientKind::BFF)] {
                assert!(advice.way.link(kind).0.starts_with('/'), "{code}");
            }
        }
    }

    #[test]
    fn the_way_on_stays_with_the_kind_of_client() {
        let kind = Some(ClientKind::MEDIATED);
        assert_eq!(Way::SignIn.link(kind).0, "/mediated/menu");
        assert_eq!(Way::Menu.link(kind).0, "/mediated/menu");
        assert_eq!(Way::Menu.link(None).0, "/bff/menu");
    }

    #[test]
    fn a_message_is_never_markup() {
        let problem = Problem::new(Code::Internal, "<script>alert(1)</script>");
        let html =
            crate::samples::html(|| view! { <ProblemNotice problem heading=true kind=None /> });
        assert!(!html.contains("<script>"), "{html}");
        assert!(html.contains("&lt;script&gt;"), "{html}");
    }
}

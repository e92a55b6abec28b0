//! A page that needs a session, without one.

use super::plain;
use crate::{client::Source, form, page::Reading, problem};
use confidant_wire::{Code, Problem, ProviderView};
use maud::html;

/// Says so with the status 401, and brings the person back to this path.
pub(super) fn page(
    source: &dyn Source,
    providers: &[ProviderView],
    path: &str,
    reason: &Problem,
) -> Reading {
    let top = html! {
        h1 { "Sign in first" }
        @if reason.code != Code::NotSignedIn { (problem::told(reason, true, Some(source.kind()))) }
        p.soft { (source.portrait().summary) " (RFC 10017, section " (source.portrait().section) ".)" }
        p { "There is no session with this browser. Signing in brings you back here." }
        (form::sign_in(source, providers, Some(path)))
    };
    plain(401, "Sign in first", top)
}

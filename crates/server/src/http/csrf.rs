//! Which requests to `/auth` and `/api` may do anything (RFC 10017, section
//! 6.1.3.3).
//!
//! A request that changes something is either a script's or a program's, and
//! carries the header `X-CSRF: 1`, or it is a plain form, which cannot carry
//! one, and the browser vouches for where it comes from. A request that the
//! browser reports as another site's is refused whatever else it carries.
//!
//! The Strict session cookie is a defence of its own; this one holds where
//! another site is the same *site*, such as another port of one host.

use super::{answer, navigation::is_navigation};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header::ORIGIN},
    middleware::Next,
    response::Response,
};
use confidant_wire::{Code, Problem};
use std::sync::Arc;

/// The header that only our own scripts, and programs, send (section
/// 6.1.3.3.2). Another site's script would have to ask by CORS first, and the
/// answer is no.
pub const HEADER: &str = "x-csrf";

/// Whether a request may proceed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may.
    Accept,
    /// It comes from elsewhere.
    CrossSite,
    /// Nothing shows where it comes from, and [`HEADER`] is missing.
    HeaderMissing,
}

/// Where the browser says a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Own,
    Other,
    Untold,
}

impl Verdict {
    /// What is told where the verdict is no.
    pub fn problem(self) -> Option<Problem> {
        let message = match self {
            Self::Accept => return None,
            Self::CrossSite => "This request came from another site.",
            Self::HeaderMissing => "This request needs the header X-CSRF: 1.",
        };
        Some(Problem::new(Code::CrossSite, message))
    }
}

/// Judges a call to an API. No form leads there, so [`HEADER`] is asked of
/// every one, whatever its method: an API may do anything on a GET.
pub fn verdict_of_call(headers: &HeaderMap, own_origin: &str) -> Verdict {
    match source(headers, own_origin) {
        Source::Other => Verdict::CrossSite,
        _ if is_marked(headers) => Verdict::Accept,
        Source::Own | Source::Untold => Verdict::HeaderMissing,
    }
}

/// Judges a request to an endpoint by its method and headers. `own_origin` is
/// the origin of the application as browsers write it.
pub fn verdict(method: &Method, headers: &HeaderMap, own_origin: &str) -> Verdict {
    let source = source(headers, own_origin);
    match source {
        Source::Other => Verdict::CrossSite,
        _ if method.is_safe() || is_marked(headers) => Verdict::Accept,
        Source::Own if is_navigation(headers) => Verdict::Accept,
        Source::Own | Source::Untold => Verdict::HeaderMissing,
    }
}

fn is_marked(headers: &HeaderMap) -> bool {
    all(headers, HEADER, |value| value == b"1") == Some(true)
}

/// `Sec-Fetch-Site` is believed before `Origin`: a page with the policy
/// `no-referrer`, such as our callback page, posts its form with `Origin: null`.
fn source(headers: &HeaderMap, own_origin: &str) -> Source {
    let site = all(headers, "sec-fetch-site", |site| {
        // `none` is the person: an address typed in, a bookmark, a reload.
        site == b"same-origin" || site == b"none"
    });
    let origin = all(headers, ORIGIN.as_str(), |origin| {
        origin == own_origin.as_bytes()
    });
    let opaque = all(headers, ORIGIN.as_str(), |origin| origin == b"null") == Some(true);
    match (site, origin) {
        (Some(true), Some(false)) if opaque => Source::Own,
        (Some(false), _) | (_, Some(false)) => Source::Other,
        (Some(true), _) | (None, Some(true)) => Source::Own,
        (None, None) => Source::Untold,
    }
}

/// Whether every value of this header passes; none where there is no value.
fn all(headers: &HeaderMap, name: &str, passes: impl Fn(&[u8]) -> bool) -> Option<bool> {
    headers.contains_key(name).then(|| {
        headers
            .get_all(name)
            .iter()
            .all(|value| passes(value.as_bytes()))
    })
}

/// Refuses what [`verdict`] refuses. The state is our own origin.
pub async fn guard(State(own_origin): State<Arc<str>>, request: Request, next: Next) -> Response {
    let verdict = verdict(request.method(), request.headers(), &own_origin);
    match verdict.problem() {
        None => next.run(request).await,
        Some(problem) => answer::problem(&problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    const OWN: &str = "http://localhost:3000";

    fn map(headers: &str) -> HeaderMap {
        headers
            .split('|')
            .filter_map(|header| header.split_once(": "))
            .map(|(name, value)| {
                (
                    name.trim().parse::<HeaderName>().unwrap(),
                    HeaderValue::from_str(value.trim()).unwrap(),
                )
            })
            .collect()
    }

    fn judged(method: Method, headers: &str) -> Verdict {
        verdict(&method, &map(headers), OWN)
    }

    #[test]
    fn a_post_is_ours_by_header_or_by_the_browsers_word() {
        use Verdict::{Accept, CrossSite, HeaderMissing};
        let form = "sec-fetch-mode: navigate";
        let table = [
            // Programs: curl.
            ("", HeaderMissing),
            ("x-csrf: 1", Accept),
            ("x-csrf: 0", HeaderMissing),
            ("x-csrf: 11", HeaderMissing),
            ("x-csrf: ", HeaderMissing),
            // Our own scripts.
            (
                "sec-fetch-site: same-origin | sec-fetch-mode: cors | x-csrf: 1",
                Accept,
            ),
            (
                "sec-fetch-site: same-origin | sec-fetch-mode: cors",
                HeaderMissing,
            ),
            // Our own forms.
            (&format!("sec-fetch-site: same-origin | {form}"), Accept),
            (&format!("sec-fetch-site: none | {form}"), Accept),
            (
                &format!("sec-fetch-site: same-origin | {form} | origin: {OWN}"),
                Accept,
            ),
            (
                &format!("sec-fetch-site: same-origin | {form} | origin: null"),
                Accept,
            ),
            // The same from a browser that knows no Sec-Fetch.
            (&format!("origin: {OWN} | accept: text/html"), Accept),
            (&format!("origin: {OWN}"), HeaderMissing),
            ("origin: null | accept: text/html", CrossSite),
            // Other sites, and other ports of our own host.
            (&format!("sec-fetch-site: cross-site | {form}"), CrossSite),
            (&format!("sec-fetch-site: same-site | {form}"), CrossSite),
            ("sec-fetch-site: cross-site | x-csrf: 1", CrossSite),
            ("origin: http://localhost:3001 | x-csrf: 1", CrossSite),
            ("origin: https://localhost:3000 | x-csrf: 1", CrossSite),
            (
                "origin: http://localhost:3000.evil.example | accept: text/html",
                CrossSite,
            ),
            ("sec-fetch-site: nonsense | x-csrf: 1", CrossSite),
            // Headers that contradict each other.
            (
                &format!("sec-fetch-site: same-origin | {form} | origin: http://evil.example"),
                CrossSite,
            ),
            (
                &format!("sec-fetch-site: cross-site | {form} | origin: {OWN}"),
                CrossSite,
            ),
            (
                &format!("sec-fetch-site: same-origin | sec-fetch-site: cross-site | {form}"),
                CrossSite,
            ),
        ];
        for (headers, expected) in table {
            assert_eq!(judged(Method::POST, headers), expected, "{headers}");
        }
    }

    #[test]
    fn every_call_to_an_api_needs_the_header_and_none_from_another_site_is_made() {
        let table = [
            ("", Verdict::HeaderMissing),
            ("x-csrf: 0", Verdict::HeaderMissing),
            ("sec-fetch-site: same-origin", Verdict::HeaderMissing),
            (
                "sec-fetch-site: none | sec-fetch-mode: navigate",
                Verdict::HeaderMissing,
            ),
            ("x-csrf: 1", Verdict::Accept),
            ("x-csrf: 1 | sec-fetch-site: same-origin", Verdict::Accept),
            ("x-csrf: 1 | sec-fetch-site: cross-site", Verdict::CrossSite),
            ("x-csrf: 1 | sec-fetch-site: same-site", Verdict::CrossSite),
            (
                "x-csrf: 1 | origin: http://evil.example",
                Verdict::CrossSite,
            ),
        ];
        for (headers, expected) in table {
            assert_eq!(verdict_of_call(&map(headers), OWN), expected, "{headers}");
        }
    }

    #[test]
    fn reading_needs_no_header_but_is_refused_to_other_sites() {
        let table = [
            ("", Verdict::Accept),
            (
                "sec-fetch-site: same-origin | sec-fetch-mode: cors",
                Verdict::Accept,
            ),
            (
                "sec-fetch-site: none | sec-fetch-mode: navigate",
                Verdict::Accept,
            ),
            (
                "sec-fetch-site: cross-site | sec-fetch-mode: no-cors",
                Verdict::CrossSite,
            ),
            (
                "sec-fetch-site: same-site | sec-fetch-mode: cors",
                Verdict::CrossSite,
            ),
            ("origin: http://evil.example", Verdict::CrossSite),
        ];
        for (headers, expected) in table {
            assert_eq!(judged(Method::GET, headers), expected, "{headers}");
        }
    }
}

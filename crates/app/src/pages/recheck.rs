//! A navigation from another site. The browser does not send a Strict cookie
//! then, so the server cannot know the session. A second request, from our own
//! page, brings the cookie along.

use super::{
    frame::{framed, head},
    request::Request,
};
use crate::routes::{Route, START};
use leptos::prelude::*;

/// In the query of the second request, which is the last: a browser that never
/// sends cookies must not go in circles.
const MARK: &str = "checked=1";

/// Renders the page for the moment in between, if there has to be one. It loads
/// itself again, without a script.
pub(super) fn page(request: &Request, route: Option<Route>) -> Option<AnyView> {
    let unknown = request.session.as_ref().is_ok_and(|view| view.unknown);
    if !unknown || request.query.contains(MARK) {
        return None;
    }
    // A path of our own making: nothing of the request is repeated.
    let path = match route? {
        Route::Client(kind, page) => page.path(kind),
        Route::Start => START.to_owned(),
        Route::Compare | Route::Callback(_) | Route::Bare(_) => return None,
    };
    let again = format!("{path}?{MARK}");
    let main = view! {
        {head(200, "One moment")}
        <meta http-equiv="refresh" content=format!("0;url={again}") />
        <h1>"One moment"</h1>
        <p class="soft">
            "You came from another site, and the session cookie is not sent along then. "
            "Asking again from here."
        </p>
        <p><a href=again>"Go on by hand"</a></p>
    };
    Some(framed(request, main))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::Page;
    use confidant_wire::{ClientKind, SessionView};

    fn rendered(route: Option<Route>, query: &str) -> Option<String> {
        let request = Request {
            path: r#"/"><script>"#.to_owned(),
            query: query.to_owned(),
            providers: Vec::new(),
            session: Ok(SessionView {
                unknown: true,
                ..SessionView::default()
            }),
        };
        let mut is_needed = false;
        let html = crate::samples::html(|| {
            let page = page(&request, route);
            is_needed = page.is_some();
            page
        });
        is_needed.then_some(html)
    }

    #[test]
    fn the_reload_leads_to_a_page_of_ours_with_the_mark() {
        let route = Some(Route::Client(ClientKind::BFF, Page::Profile));
        let html = rendered(route, "").unwrap();
        assert!(
            html.contains(r#"content="0;url=/bff/profile?checked=1""#),
            "{html}"
        );
        assert!(!html.contains("<script>"), "{html}");
        assert!(rendered(route, MARK).is_none(), "once only");
        assert!(rendered(None, "").is_none());
    }
}

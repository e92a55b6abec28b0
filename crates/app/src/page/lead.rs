//! The bare paths of the example lead to the pages of the confidential
//! client.

use super::Page;
use leptos::prelude::*;
#[cfg(not(feature = "ssr"))]
use leptos_router::components::Redirect;
use wire::ClientKind;

/// Leads on: by a 307 from the server, by the router in the browser.
#[component]
pub(crate) fn Lead(page: Page) -> impl IntoView {
    let target = format!("/{}/{}", ClientKind::Bff, page.id());
    #[cfg(feature = "ssr")]
    lead_to(&target);
    #[cfg(not(feature = "ssr"))]
    let redirect = view! { <Redirect path=target.clone() /> };
    #[cfg(feature = "ssr")]
    let redirect = ();
    view! {
        <p>
            "This page is at " <a href=target.clone()>{target.clone()}</a> "."
        </p>
        {redirect}
    }
    .into_any()
}

/// The framework's own redirect tells browsers only; this tells curl too.
#[cfg(feature = "ssr")]
fn lead_to(target: &str) {
    use http::{HeaderValue, header::LOCATION};
    let response = use_context::<leptos_axum::ResponseOptions>();
    if let (Some(response), Ok(target)) = (response, HeaderValue::from_str(target)) {
        response.insert_header(LOCATION, target);
        super::status::set(307);
    }
}

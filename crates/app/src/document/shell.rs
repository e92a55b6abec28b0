//! The HTML document around the pages.

use super::{PageSettings, content_security_policy};
use crate::{components::mark::FAVICON, pages, routes::Route};
use http::{HeaderValue, header::CONTENT_SECURITY_POLICY, request::Parts};
use leptos::{hydration::HydrationScripts, nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};

/// Renders the document, and sets its policy as a header of the answer.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    provide_meta_context();
    let path = use_context::<Parts>().map(|parts| parts.uri.path().to_owned());
    let path = path.unwrap_or_default();
    let route = Route::at(&path);
    set_policy(route);
    let scripts = has_islands(route).then(|| {
        let options = scripts(&options, route);
        view! { <HydrationScripts options islands=true /> }
    });
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href=FAVICON />
                <HashedStylesheet options=options.clone() id="style" />
                {scripts}
                <MetaTags />
            </head>
            <body>
                <Title formatter=|title: String| match title.as_str() {
                    "" => "Confidant".to_owned(),
                    title => format!("{title} · Confidant"),
                } />
                <a class="skip" href="#main">"Skip to the content"</a>
                <Suspense>{Suspend::new(pages::page(route, path))}</Suspense>
            </body>
        </html>
    }
}

/// Whether a page has islands. A page without any loads no script.
fn has_islands(route: Option<Route>) -> bool {
    matches!(
        route,
        Some(Route::Client(..) | Route::Callback(_) | Route::Compare)
    )
}

/// Returns the options of the frontend that the page loads.
fn scripts(options: &LeptosOptions, route: Option<Route>) -> LeptosOptions {
    let mut options = options.clone();
    if route.is_some_and(Route::loads_every_kind) {
        options.output_name = format!("{}-browser", options.output_name).into();
        options.hash_file = "hash-browser.txt".into();
    }
    options
}

fn set_policy(route: Option<Route>) {
    let nonce = use_nonce();
    let mut settings = use_context::<PageSettings>().unwrap_or_default();
    // No page may frame one whose address holds an authorization code.
    settings.own_frames &= !matches!(route, Some(Route::Callback(_)));
    let runs_client = route.is_some_and(Route::runs_client);
    let policy = content_security_policy(nonce.as_deref(), &settings, runs_client);
    if let (Some(response), Ok(policy)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&policy),
    ) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}

//! The HTML document around the application.

use super::{App, PageSettings, content_security_policy, icon::FAVICON};
use crate::client;
use http::{HeaderValue, header::CONTENT_SECURITY_POLICY, request::Parts};
use leptos::{hydration::HydrationScripts, nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::{HashedStylesheet, MetaTags};

/// The document, and its policy as a header of the answer under way.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let path = use_context::<Parts>().map(|parts| parts.uri.path().to_owned());
    let live = path.as_deref().is_some_and(is_live);
    let callback = path.as_deref().is_some_and(crate::page::is_callback);
    state_policy(live, callback);
    let scripts = scripts(&options, live);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href=FAVICON />
                <HashedStylesheet options=options.clone() id="style" />
                <HydrationScripts options=scripts />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Whether a page's client lives in the browser: such pages load another
/// bundle, and may speak to the provider.
fn is_live(path: &str) -> bool {
    let source = client::kind_of(path).and_then(client::source);
    source.is_some_and(|source| source.is_live()) || crate::page::LIVE.contains(&path)
}

/// Which of the two bundles to load.
fn scripts(options: &LeptosOptions, live: bool) -> LeptosOptions {
    let mut options = options.clone();
    if live {
        options.output_name = format!("{}-public", options.output_name).into();
        options.hash_file = "hash-public.txt".into();
    }
    options
}

fn state_policy(live: bool, callback: bool) {
    let nonce = use_nonce();
    let mut settings = use_context::<PageSettings>().unwrap_or_default();
    // A page whose address holds a code is nobody's to frame.
    settings.own_frames &= !callback;
    let policy = content_security_policy(nonce.as_deref(), &settings, live);
    if let (Some(response), Ok(policy)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&policy),
    ) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}

//! The HTML document around the application.

use super::{App, PageSettings, content_security_policy, icon::FAVICON};
use http::{HeaderValue, header::CONTENT_SECURITY_POLICY};
use leptos::{hydration::HydrationScripts, nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::{HashedStylesheet, MetaTags};

/// The document, and its policy as a header of the answer under way.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    state_policy();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href=FAVICON />
                <HashedStylesheet options=options.clone() id="style" />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

fn state_policy() {
    let nonce = use_nonce();
    let settings = use_context::<PageSettings>().unwrap_or_default();
    let policy = content_security_policy(nonce.as_deref(), &settings);
    if let (Some(response), Ok(policy)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&policy),
    ) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}

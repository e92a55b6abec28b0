//! The page.

use crate::functions::{Account, Expire, load_account};
#[cfg(feature = "ssr")]
use leptos::{hydration::HydrationScripts, nonce::use_nonce};
use leptos::{prelude::*, web_sys::SubmitEvent};

#[component]
pub(crate) fn App() -> impl IntoView {
    let expire = ServerAction::<Expire>::new();
    let account = Resource::new(move || expire.version().get(), |_| load_account());
    let call = move |event: SubmitEvent| {
        event.prevent_default();
        account.refetch();
    };
    let content = move || {
        Suspend::new(async move {
            match account.await {
                Ok(Some(account)) => signed_in(account, expire, call).into_any(),
                Ok(None) => signed_out().into_any(),
                Err(error) => view! { <p role="alert">{error.to_string()}</p> }.into_any(),
            }
        })
    };
    view! {
        <main>
            <h1>"A Leptos page with a backend for frontend"</h1>
            <Transition fallback=|| view! { <p>"Loading…"</p> }>{content}</Transition>
        </main>
    }
}

/// Without JavaScript the first form loads the page again, and the second is
/// answered with a redirect to the page.
fn signed_in(
    account: Account,
    expire: ServerAction<Expire>,
    call: impl Fn(SubmitEvent) + 'static,
) -> impl IntoView {
    view! {
        <p>"You are signed in as " <strong>{account.name}</strong> "."</p>
        <h2>"The API's answer"</h2>
        <pre>{account.answer}</pre>
        <form action="/" on:submit=call>
            <button>"Call the API again"</button>
        </form>
        <ActionForm action=expire>
            <button>"Mark the access token as expired"</button>
        </ActionForm>
        <form method="post" action="/auth/logout">
            <button>"Sign out"</button>
        </form>
    }
}

fn signed_out() -> impl IntoView {
    view! {
        <form method="post" action="/auth/login/start">
            <input type="hidden" name="provider" value="demo" />
            <button>"Sign in"</button>
        </form>
    }
}

/// The document around the page.
#[cfg(feature = "ssr")]
pub fn document(options: LeptosOptions) -> impl IntoView {
    set_policy();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>"A Leptos page with a backend for frontend"</title>
                <link rel="stylesheet" href="/style.css" />
                <HydrationScripts options=options />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Allows this server's files and Leptos's inline scripts, and forms that lead
/// to the provider.
#[cfg(feature = "ssr")]
fn set_policy() {
    use leptos_axum::ResponseOptions;
    let nonce = use_nonce().map(|nonce| nonce.to_string());
    let backend = use_context::<crate::Backend>();
    let (Some(nonce), Some(backend)) = (nonce, backend) else {
        return;
    };
    let forms = backend.bff.authorization_origins().join(" ");
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self'; connect-src 'self'; form-action 'self' {forms}; \
         base-uri 'none'; frame-ancestors 'none'"
    );
    if let (Some(response), Ok(policy)) = (use_context::<ResponseOptions>(), policy.parse()) {
        response.insert_header(axum::http::header::CONTENT_SECURITY_POLICY, policy);
    }
}

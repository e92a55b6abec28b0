//! The library's own pages, in plain HTML without styles: the callback page
//! and the sign-in page.

use super::html::{Escaped, document};
use crate::settings::{Paths, Settings};
use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Posts the callback page's form without a press. Its digest stands in the
/// page's content policy, so it cannot be changed without the policy.
const SUBMIT: &str = "document.forms[0].submit()";

/// The page behind the redirect URI. It posts what the provider's redirect
/// carried to the endpoint that finishes the sign-in: the session cookies are
/// `SameSite=Strict`, so the browser sends them with a request of this page
/// and not with the provider's redirect.
pub(super) fn callback(paths: &Paths, query: &str) -> Response {
    let mut fields = String::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if RESPONSE_PARAMETERS.contains(&&*name) {
            let _ = write!(
                fields,
                "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
                Escaped(&value)
            );
        }
    }
    let body = format!(
        "<h1>Signing in</h1><form method=\"post\" action=\"{}\">{fields}\
         <button>Continue</button></form><script>{SUBMIT}</script>",
        Escaped(&paths.endpoint("login/finish")),
    );
    let digest = BASE64_STANDARD.encode(Sha256::digest(SUBMIT));
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{digest}'; form-action 'self'; \
         frame-ancestors 'none'; base-uri 'none'"
    );
    page("Signing in", &body, &policy)
}

/// The parameters of an authorization response (RFC 6749, section 4.1.2;
/// RFC 9207).
const RESPONSE_PARAMETERS: [&str; 6] = [
    "code",
    "state",
    "iss",
    "error",
    "error_description",
    "callback",
];

/// The sign-in page: one form for each provider. A form, not a link, because
/// another site may not start a sign-in.
pub(super) fn sign_in(settings: &Settings, origins: &[String], return_to: &str) -> Response {
    let mut forms = String::new();
    for provider in &settings.providers {
        let _ = write!(
            forms,
            "<form method=\"post\" action=\"{}\">\
             <input type=\"hidden\" name=\"provider\" value=\"{}\">\
             <input type=\"hidden\" name=\"return_to\" value=\"{}\">\
             <button>Sign in with {}</button></form>",
            Escaped(&settings.paths.endpoint("login/start")),
            Escaped(&provider.id),
            Escaped(return_to),
            Escaped(&provider.name),
        );
    }
    // Browsers hold the redirect that follows a form against this policy.
    let mut form_action = "'self'".to_owned();
    for origin in origins {
        form_action.push(' ');
        form_action.push_str(origin);
    }
    let policy = format!(
        "default-src 'none'; form-action {form_action}; frame-ancestors 'none'; base-uri 'none'"
    );
    page("Sign in", &format!("<h1>Sign in</h1>{forms}"), &policy)
}

/// Returns where a user without a session goes first, before this path.
pub(super) fn sign_in_location(settings: &Settings, return_to: &str) -> String {
    let page = settings.paths.sign_in_page.clone();
    let page = page.unwrap_or_else(|| settings.paths.endpoint("login"));
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("return_to", return_to)
        .finish();
    format!("{page}?{query}")
}

fn page(title: &str, body: &str, policy: &str) -> Response {
    let mut response = Html(document(title, body)).into_response();
    if let Ok(policy) = HeaderValue::from_str(policy) {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;

    async fn text(response: Response) -> String {
        let bytes = to_bytes(response.into_body(), 10_000).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn the_callback_page_posts_what_the_redirect_carried_and_nothing_else() {
        let query = "code=a%252Fb&state=%22%3E%3Cscript%3E&evil=1&iss=https%3A%2F%2Fp";
        let html = text(callback(&Paths::default(), query)).await;
        assert!(html.contains("name=\"code\" value=\"a%2Fb\""), "{html}");
        assert!(
            html.contains("value=\"&quot;&gt;&lt;script&gt;\""),
            "{html}"
        );
        assert!(html.contains("name=\"iss\" value=\"https://p\""), "{html}");
        assert!(!html.contains("evil"), "{html}");
    }

    #[test]
    fn the_policy_of_the_callback_page_allows_its_one_script() {
        let response = callback(&Paths::default(), "");
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap();
        let digest = BASE64_STANDARD.encode(Sha256::digest(SUBMIT));
        assert!(policy.contains(&format!("script-src 'sha256-{digest}'")));
        assert!(!policy.contains("unsafe"));
    }
}

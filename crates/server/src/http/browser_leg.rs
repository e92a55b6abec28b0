//! Writing down the browser's own requests, for the sequence diagram: those
//! that make the server speak to the provider, and no others.

use axum::body::HttpBody;
use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use confidant_bff::{Bff, Visit};

/// Notes the request if it is one of an action, and how it was answered.
pub async fn note(State(bff): State<Bff>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    let leg = if is_action(method, path) {
        let visit = Visit::from_headers(request.headers());
        bff.browser_asks(&visit, method.as_str(), path).await
    } else {
        None
    };
    let response = next.run(request).await;
    if let Some(leg) = leg {
        leg.answered(
            response.status().as_u16(),
            response.body().size_hint().exact(),
        );
    }
    response
}

/// Whether this request is an action on the token. Looking at a page, at the
/// token view or at the log itself is not.
fn is_action(method: &Method, path: &str) -> bool {
    let mut parts = path.trim_start_matches('/').splitn(2, '/');
    match (method.as_str(), parts.next(), parts.next()) {
        ("POST", Some("auth"), Some(rest)) => {
            matches!(rest, "refresh" | "expire" | "mediated/token")
        }
        ("GET", Some("auth"), Some(rest)) => matches!(rest, "profile" | "validate"),
        ("POST", Some("app"), Some(function)) => matches!(
            function,
            "refresh_token" | "expire_and_call" | "fetch_profile" | "validate_token"
        ),
        // Drawn on the server, these pages call the provider themselves.
        ("GET", Some(_), Some(page)) => {
            matches!(page, "profile" | "automatic_refresh" | "validate")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_noted_and_looks_are_not() {
        for (method, path, noted) in [
            (Method::POST, "/auth/refresh", true),
            (Method::POST, "/auth/expire", true),
            (Method::POST, "/auth/mediated/token", true),
            (Method::GET, "/auth/profile", true),
            (Method::GET, "/auth/validate", true),
            (Method::POST, "/app/refresh_token", true),
            (Method::POST, "/app/expire_and_call", true),
            (Method::POST, "/app/fetch_profile", true),
            (Method::POST, "/app/validate_token", true),
            (Method::POST, "/app/view_token", false),
            (Method::POST, "/app/sign_out", false),
            (Method::GET, "/bff/profile", true),
            (Method::GET, "/bff/automatic_refresh", true),
            (Method::GET, "/bff/manual_refresh", false),
            (Method::GET, "/bff/menu", false),
            (Method::GET, "/auth/token", false),
            (Method::GET, "/auth/log", false),
            (Method::POST, "/auth/logout", false),
            (Method::GET, "/", false),
        ] {
            assert_eq!(is_action(&method, path), noted, "{method} {path}");
        }
    }
}

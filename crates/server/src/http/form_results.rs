//! Responses to the plain forms of server functions, which a browser without
//! WebAssembly submits: a 303 to the page with the result, so that a reload does
//! not submit the form again, or a page that reports the error.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{
        HeaderValue, Method, StatusCode,
        header::{self, ACCEPT, REFERER},
    },
    middleware::Next,
    response::Response,
};
use confidant_bff::axum::{ErrorPage, is_navigation};
use confidant_protocol::ReturnTo;
use confidant_wire::{Code, Problem};
use serde::Deserialize;

/// The largest result of a server function, in bytes. Far more than any returns.
const RESULT_LIMIT: usize = 1024 * 1024;

/// The only server function whose result leads to another origin.
const START_LOGIN: &str = "/app/start_login";

/// Turns the JSON responses to form submissions into redirects and pages.
pub async fn redirect(
    State(error_page): State<ErrorPage>,
    mut request: Request,
    next: Next,
) -> Response {
    let is_form = is_navigation(request.headers()) && request.method() == Method::POST;
    // With these headers the server function would redirect to the page that
    // the form is on, or to whatever address a program sends.
    request.headers_mut().remove(REFERER);
    request
        .headers_mut()
        .insert(ACCEPT, HeaderValue::from_static("application/json"));
    if !is_form {
        return next.run(request).await;
    }
    let path = request.uri().path().to_owned();
    let (mut parts, body) = next.run(request).await.into_parts();
    let body = to_bytes(body, RESULT_LIMIT).await.unwrap_or_default();
    if parts.status.is_client_error() || parts.status.is_server_error() {
        let problem = serde_json::from_slice(&body).unwrap_or_else(|_| malformed_result());
        let mut page = error_page.response(parts.status, &problem);
        for name in [header::SET_COOKIE, header::RETRY_AFTER, header::ALLOW] {
            for value in parts.headers.get_all(&name) {
                page.headers_mut().append(name.clone(), value.clone());
            }
        }
        return page;
    }
    let Some(location) = location(&path, &body) else {
        return error_page.response(StatusCode::INTERNAL_SERVER_ERROR, &malformed_result());
    };
    parts.status = StatusCode::SEE_OTHER;
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::LOCATION, location);
    Response::from_parts(parts, Body::empty())
}

/// The result of a server function: where the browser goes next.
#[derive(Deserialize)]
struct GoTo {
    go_to: String,
}

/// Returns where the browser goes next: to a page of the application or, to start
/// a sign-in, to the provider.
fn location(path: &str, body: &[u8]) -> Option<HeaderValue> {
    let GoTo { go_to } = serde_json::from_slice(body).ok()?;
    if path != START_LOGIN && ReturnTo::try_from(go_to.as_str()).is_err() {
        return None;
    }
    // Refuses control characters: a line break would begin another header.
    HeaderValue::try_from(go_to).ok()
}

fn malformed_result() -> Problem {
    Problem::new(Code::Internal, "The server returned a malformed result.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, middleware::from_fn_with_state, response::IntoResponse, routing::any};
    use confidant_bff::axum::problem_response;
    use tower::ServiceExt;

    async fn submit(accept: &'static str, result: Response) -> Response {
        let result = std::sync::Arc::new(std::sync::Mutex::new(Some(result)));
        let handler = move |request: Request| async move {
            // With this header the server function would redirect.
            assert_ne!(request.headers()[ACCEPT], "text/html");
            result.lock().unwrap().take().unwrap()
        };
        let policy = HeaderValue::from_static("default-src 'none'");
        let error_page = ErrorPage::new(policy, |problem| format!("<p>{}", problem.code));
        Router::new()
            .route("/app/{*path}", any(handler))
            .layer(from_fn_with_state(error_page, redirect))
            .oneshot(
                axum::http::Request::builder()
                    .method("POST")
                    .uri("/app/refresh_token")
                    .header(ACCEPT, accept)
                    .header(REFERER, "http://localhost:3000/bff/menu")
                    .body(Body::empty())
                    .unwrap(),
            )
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_form_is_redirected_and_a_script_gets_the_json() {
        let result = || r#"{"go_to":"/bff/manual_refresh"}"#.into_response();
        let form = submit("text/html", result()).await;
        assert_eq!(form.status(), StatusCode::SEE_OTHER);
        assert_eq!(form.headers()["location"], "/bff/manual_refresh");
        assert_eq!(submit("*/*", result()).await.status(), StatusCode::OK);
    }

    #[test]
    fn only_a_sign_in_redirects_to_another_origin() {
        let redirect_target = |path, to: &str| {
            let body = serde_json::json!({ "go_to": to }).to_string();
            location(path, body.as_bytes()).map(|to| to.to_str().unwrap().to_owned())
        };
        let provider = "https://idp.example/authorize?a=b";
        assert_eq!(
            redirect_target(START_LOGIN, provider).as_deref(),
            Some(provider)
        );
        for foreign in [
            provider,
            "//evil.example",
            r"/\evil.example",
            "",
            "/\r\nset-cookie: a=b",
        ] {
            assert_eq!(
                redirect_target("/app/finish_login", foreign),
                None,
                "{foreign:?}"
            );
        }
        let menu = "/bff/menu?x=1";
        assert_eq!(
            redirect_target("/app/finish_login", menu).as_deref(),
            Some(menu)
        );
    }

    #[tokio::test]
    async fn a_failed_form_gets_a_page_with_the_same_status() {
        let problem = Problem::new(Code::NotSignedIn, "Sign in first.");
        let page = submit("text/html", problem_response(problem)).await;
        assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
        let body = to_bytes(page.into_body(), 100).await.unwrap();
        assert_eq!(body, "<p>not_signed_in");
    }

    #[tokio::test]
    async fn the_text_of_an_unknown_error_is_not_shown() {
        let unknown = (StatusCode::BAD_GATEWAY, "<html>upstream").into_response();
        let page = submit("text/html", unknown).await;
        assert_eq!(page.status(), StatusCode::BAD_GATEWAY);
        let body = to_bytes(page.into_body(), 100).await.unwrap();
        assert_eq!(body, "<p>internal");
    }
}

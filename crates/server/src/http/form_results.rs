//! What a plain form of the demo's controls leads to: the page that shows what
//! it did, by a 303 so that reloading it does not post again, or a page that
//! reports what went wrong.

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
use confidant_wire::{Code, Problem};
use serde::Deserialize;

/// Far more than any result of the controls has, in bytes.
const RESULT_LIMIT: usize = 1024 * 1024;

/// Answers navigations to the demo's controls with redirects and pages.
pub async fn redirect(
    State(error_page): State<ErrorPage>,
    mut request: Request,
    next: Next,
) -> Response {
    if !is_navigation(request.headers()) || request.method() != Method::POST {
        return next.run(request).await;
    }
    // With these headers in sight, the server function would redirect a form
    // by itself, back to where it came from.
    request.headers_mut().remove(REFERER);
    request
        .headers_mut()
        .insert(ACCEPT, HeaderValue::from_static("application/json"));
    let (mut parts, body) = next.run(request).await.into_parts();
    let body = to_bytes(body, RESULT_LIMIT).await.unwrap_or_default();
    if parts.status.is_client_error() || parts.status.is_server_error() {
        let problem = serde_json::from_slice(&body).unwrap_or_else(|_| senseless());
        return error_page.response(parts.status, &problem);
    }
    let Some(location) = location(&body) else {
        return error_page.response(StatusCode::INTERNAL_SERVER_ERROR, &senseless());
    };
    parts.status = StatusCode::SEE_OTHER;
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::LOCATION, location);
    Response::from_parts(parts, Body::empty())
}

/// The result of a press: the page that shows what it did.
#[derive(Deserialize)]
struct Pressed {
    page: String,
}

fn location(body: &[u8]) -> Option<HeaderValue> {
    let Pressed { page } = serde_json::from_slice(body).ok()?;
    // Refuses control characters: a line break would start a header.
    HeaderValue::try_from(page).ok()
}

fn senseless() -> Problem {
    Problem::new(
        Code::Internal,
        "The server gave an answer that makes no sense.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, middleware::from_fn_with_state, response::IntoResponse, routing::any};
    use confidant_bff::axum::problem_response;
    use tower::ServiceExt;

    async fn answered(accept: &'static str, result: Response) -> Response {
        let result = std::sync::Arc::new(std::sync::Mutex::new(Some(result)));
        let handler = move |request: Request| async move {
            // With this header the server function would redirect by itself.
            assert_ne!(request.headers()[ACCEPT], "text/html");
            result.lock().unwrap().take().unwrap()
        };
        let policy = HeaderValue::from_static("default-src 'none'");
        let error_page = ErrorPage::new(policy, |problem| format!("<p>{}", problem.code));
        Router::new()
            .route("/auth/demo/{*path}", any(handler))
            .layer(from_fn_with_state(error_page, redirect))
            .oneshot(
                axum::http::Request::builder()
                    .method("POST")
                    .uri("/auth/demo/reset")
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
        let result = || r#"{"page":"/bff/faults"}"#.into_response();
        let form = answered("text/html", result()).await;
        assert_eq!(form.status(), StatusCode::SEE_OTHER);
        assert_eq!(form.headers()["location"], "/bff/faults");
        assert_eq!(answered("*/*", result()).await.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn a_failed_form_gets_a_page_with_the_same_status() {
        let problem = Problem::new(Code::NotSignedIn, "Sign in first.");
        let page = answered("text/html", problem_response(problem)).await;
        assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
        let body = to_bytes(page.into_body(), 100).await.unwrap();
        assert_eq!(body, "<p>not_signed_in");
    }

    #[tokio::test]
    async fn an_error_that_is_no_problem_shows_nothing_of_itself() {
        let odd = (StatusCode::BAD_GATEWAY, "<html>upstream").into_response();
        let page = answered("text/html", odd).await;
        assert_eq!(page.status(), StatusCode::BAD_GATEWAY);
        let body = to_bytes(page.into_body(), 100).await.unwrap();
        assert_eq!(body, "<p>internal");
    }
}

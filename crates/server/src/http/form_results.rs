//! Where the plain forms of server functions lead: to the page that shows what
//! was done, by a 303 so that reloading it does not post again, or to a page
//! that reports what went wrong.

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

/// Far more than any result has, in bytes.
const RESULT_LIMIT: usize = 1024 * 1024;

/// Answers navigations to server functions with redirects and pages.
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
    let path = request.uri().path().to_owned();
    let (mut parts, body) = next.run(request).await.into_parts();
    let body = to_bytes(body, RESULT_LIMIT).await.unwrap_or_default();
    if parts.status.is_client_error() || parts.status.is_server_error() {
        let problem = serde_json::from_slice(&body).unwrap_or_else(|_| senseless());
        let mut page = error_page.response(parts.status, &problem);
        for name in [header::SET_COOKIE, header::RETRY_AFTER, header::ALLOW] {
            for value in parts.headers.get_all(&name) {
                page.headers_mut().append(name.clone(), value.clone());
            }
        }
        return page;
    }
    let Some(location) = location(&path, &body) else {
        return error_page.response(StatusCode::INTERNAL_SERVER_ERROR, &senseless());
    };
    parts.status = StatusCode::SEE_OTHER;
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::LOCATION, location);
    Response::from_parts(parts, Body::empty())
}

/// The result of a server function: where the browser goes.
#[derive(Deserialize)]
struct GoTo {
    go_to: String,
}

/// Returns where the browser goes: to a page of the application or, to start a
/// sign-in, to the provider.
fn location(path: &str, body: &[u8]) -> Option<HeaderValue> {
    let GoTo { go_to } = serde_json::from_slice(body).ok()?;
    if path != START_LOGIN && ReturnTo::try_from(go_to.as_str()).is_err() {
        return None;
    }
    // Refuses control characters: a line break would start a header.
    HeaderValue::try_from(go_to).ok()
}

/// The one function whose result leads to another origin.
const START_LOGIN: &str = "/app/start_login";

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
        let form = answered("text/html", result()).await;
        assert_eq!(form.status(), StatusCode::SEE_OTHER);
        assert_eq!(form.headers()["location"], "/bff/manual_refresh");
        assert_eq!(answered("*/*", result()).await.status(), StatusCode::OK);
    }

    #[test]
    fn only_a_sign_in_leads_to_another_origin() {
        let leads = |path, to: &str| {
            let body = serde_json::json!({ "go_to": to }).to_string();
            location(path, body.as_bytes()).map(|to| to.to_str().unwrap().to_owned())
        };
        let provider = "https://idp.example/authorize?a=b";
        assert_eq!(leads(START_LOGIN, provider).as_deref(), Some(provider));
        for elsewhere in [
            provider,
            "//evil.example",
            r"/\evil.example",
            "",
            "/\r\nset-cookie: a=b",
        ] {
            assert_eq!(leads("/app/finish_login", elsewhere), None, "{elsewhere:?}");
        }
        let menu = "/bff/menu?x=1";
        assert_eq!(leads("/app/finish_login", menu).as_deref(), Some(menu));
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

//! The answers that a browser without JavaScript gets.
//!
//! Plain forms post to the endpoints that scripts use. The answer to a script
//! is JSON; a person gets the page it leads to, by a 303 so that a reload does
//! not post again, or a page that says what went wrong.

use super::{answer, navigation::is_navigation};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{
        HeaderValue, Method, StatusCode,
        header::{self, ACCEPT, REFERER},
    },
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use confidant_wire::{Code, LoginFinished, LoginStarted, Problem, SignedOut};
use serde::Deserialize;
use std::sync::Arc;

/// The page that tells of a problem.
#[derive(Clone)]
pub struct ProblemPage {
    /// Draws it.
    pub draw: Arc<dyn Fn(&Problem) -> String + Send + Sync>,
    /// Its `Content-Security-Policy`.
    pub policy: HeaderValue,
}

impl ProblemPage {
    fn answer(&self, status: StatusCode, problem: &Problem) -> Response {
        let policy = [(header::CONTENT_SECURITY_POLICY, self.policy.clone())];
        let mut page = (status, policy, Html((self.draw)(problem))).into_response();
        answer::add_retry_after(page.headers_mut(), problem);
        page
    }
}

/// Far more than any answer of an endpoint has.
const ANSWER_LIMIT: usize = 1024 * 1024;

/// Answers navigations to `/auth` and `/app` with pages and redirects.
pub async fn pages(State(page): State<ProblemPage>, mut request: Request, next: Next) -> Response {
    if !is_navigation(request.headers()) {
        return next.run(request).await;
    }
    // With these in sight, the server functions would answer a form with a
    // redirect of their own, back to where it came from.
    request.headers_mut().remove(REFERER);
    request
        .headers_mut()
        .insert(ACCEPT, HeaderValue::from_static("application/json"));
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let (mut parts, body) = next.run(request).await.into_parts();
    let Ok(body) = to_bytes(body, ANSWER_LIMIT).await else {
        return page.answer(parts.status, &senseless());
    };
    if parts.status.is_client_error() || parts.status.is_server_error() {
        let problem = serde_json::from_slice(&body).unwrap_or_else(|_| senseless());
        let mut page = page.answer(parts.status, &problem);
        for name in [header::SET_COOKIE, header::ALLOW] {
            for value in parts.headers.get_all(&name) {
                page.headers_mut().append(name.clone(), value.clone());
            }
        }
        return page;
    }
    if method != Method::POST {
        return Response::from_parts(parts, Body::from(body));
    }
    let Some(location) = destination(&path, &body) else {
        tracing::error!(path, "an answer leads nowhere");
        let problem = senseless();
        return page.answer(answer::status(problem.code), &problem);
    };
    parts.status = StatusCode::SEE_OTHER;
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::LOCATION, location);
    Response::from_parts(parts, Body::empty())
}

/// Where a person goes after this endpoint gave this answer.
fn destination(path: &str, body: &Bytes) -> Option<HeaderValue> {
    let location = match path {
        "/auth/login/start" => read::<LoginStarted>(body)?.authorization_url,
        "/auth/login/finish" => own_path(read::<LoginFinished>(body)?.return_to)?,
        "/auth/expire" => "/bff/automatic_refresh".to_owned(),
        "/auth/refresh" => "/bff/manual_refresh".to_owned(),
        // The provider's authorization endpoint.
        "/app/start_login" => read::<GoTo>(body)?.go_to,
        path if path.starts_with("/app/") => own_path(read::<GoTo>(body)?.go_to)?,
        "/auth/logout" => match read::<SignedOut>(body)?.provider {
            Some(provider) => format!("/?signed_out={provider}"),
            None => "/".to_owned(),
        },
        _ => return None,
    };
    // Refuses control characters: a line break would begin a header.
    HeaderValue::try_from(location).ok()
}

/// The answer of a server function: where the result is shown.
#[derive(Deserialize)]
struct GoTo {
    go_to: String,
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Option<T> {
    serde_json::from_slice(body).ok()
}

/// `return_to` was checked when the sign-in began. A redirect to another host
/// is bad enough to look twice: browsers take `//host` and `/\host` for one.
fn own_path(path: String) -> Option<String> {
    let mut start = path.chars();
    let is_own = start.next() == Some('/') && !matches!(start.next(), Some('/' | '\\'));
    is_own.then_some(path)
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
    use axum::{Router, middleware::from_fn_with_state, routing::any};
    use tower::ServiceExt;

    fn leads(path: &str, body: &str) -> Option<String> {
        destination(path, &Bytes::copy_from_slice(body.as_bytes()))
            .map(|location| location.to_str().unwrap().to_owned())
    }

    #[test]
    fn each_form_leads_to_the_page_that_shows_what_it_did() {
        let table = [
            (
                "/auth/login/start",
                r#"{"authorization_url":"https://idp.example/a?b=c"}"#,
                "https://idp.example/a?b=c",
            ),
            (
                "/auth/login/finish",
                r#"{"return_to":"/bff/menu?x=1"}"#,
                "/bff/menu?x=1",
            ),
            (
                "/app/demo/reset",
                r#"{"go_to":"/bff/faults","panel":null}"#,
                "/bff/faults",
            ),
            (
                "/app/start_login",
                r#"{"go_to":"https://idp.example/a?b=c"}"#,
                "https://idp.example/a?b=c",
            ),
            (
                "/app/sign_out",
                r#"{"go_to":"/?signed_out=demo"}"#,
                "/?signed_out=demo",
            ),
            ("/auth/expire", "{}", "/bff/automatic_refresh"),
            ("/auth/refresh", "{}", "/bff/manual_refresh"),
            (
                "/auth/logout",
                r#"{"revoked":true,"end_session_url":null,"provider":"demo"}"#,
                "/?signed_out=demo",
            ),
            (
                "/auth/logout",
                r#"{"revoked":false,"end_session_url":null}"#,
                "/",
            ),
        ];
        for (path, body, location) in table {
            assert_eq!(leads(path, body).as_deref(), Some(location), "{path}");
        }
    }

    #[test]
    fn no_answer_leads_to_another_host_or_splits_the_header() {
        for return_to in [
            "//evil.example",
            r"/\\evil.example",
            "https://evil.example",
            "",
            r"/\r\nset-cookie: a=b",
        ] {
            let body = format!(r#"{{"return_to":"{return_to}"}}"#);
            assert_eq!(leads("/auth/login/finish", &body), None, "{return_to}");
            let body = format!(r#"{{"go_to":"{return_to}"}}"#);
            assert_eq!(leads("/app/finish_login", &body), None, "{return_to}");
        }
        assert_eq!(leads("/auth/elsewhere", "{}"), None);
    }

    async fn answered(method: &str, accept: &str, inner: Response) -> Response {
        let inner = Arc::new(std::sync::Mutex::new(Some(inner)));
        let handler = move |request: Request| async move {
            // With both in sight, the server function would redirect by itself.
            assert_ne!(request.headers()[ACCEPT], "text/html");
            inner.lock().unwrap().take().unwrap()
        };
        let page = ProblemPage {
            draw: Arc::new(|problem| format!("<p>{}", problem.code)),
            policy: HeaderValue::from_static("default-src 'none'"),
        };
        Router::new()
            .route("/auth/{*path}", any(handler))
            .layer(from_fn_with_state(page, pages))
            .oneshot(
                axum::http::Request::builder()
                    .method(method)
                    .uri("/auth/expire")
                    .header(ACCEPT, accept)
                    .header(REFERER, "http://localhost:3000/bff/menu")
                    .body(Body::empty())
                    .unwrap(),
            )
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_form_is_led_on_with_its_cookies_and_a_script_gets_the_json() {
        let inner = || ([("set-cookie", "a=b")], "{}").into_response();
        let form = answered("POST", "text/html", inner()).await;
        assert_eq!(form.status(), StatusCode::SEE_OTHER);
        assert_eq!(form.headers()["location"], "/bff/automatic_refresh");
        assert_eq!(form.headers()["set-cookie"], "a=b");
        let script = answered("POST", "*/*", inner()).await;
        assert_eq!(script.status(), StatusCode::OK);
        let json = answered("GET", "text/html", inner()).await;
        assert_eq!(json.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn a_failed_form_is_a_page_with_the_same_status() {
        let problem = Problem::new(Code::NotSignedIn, "Sign in first.").retry_after(7);
        let page = answered("POST", "text/html", answer::problem(&problem)).await;
        assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(page.headers()["retry-after"], "7");
        assert_eq!(
            page.headers()["content-security-policy"],
            "default-src 'none'"
        );
        assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
        let body = to_bytes(page.into_body(), 100).await.unwrap();
        assert_eq!(body, "<p>not_signed_in");
    }

    #[tokio::test]
    async fn an_error_that_is_no_problem_shows_nothing_of_itself() {
        let odd = (StatusCode::BAD_GATEWAY, "<html>upstream").into_response();
        let page = answered("POST", "text/html", odd).await;
        assert_eq!(page.status(), StatusCode::BAD_GATEWAY);
        assert_eq!(
            to_bytes(page.into_body(), 100).await.unwrap(),
            "<p>internal"
        );
    }
}

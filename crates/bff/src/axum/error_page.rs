//! The page that reports an error to a user.

use super::html::{Escaped, document};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use confidant_wire::Problem;
use std::{fmt, sync::Arc};

/// Draws the page that reports an error to a user: its HTML and its
/// `Content-Security-Policy`.
#[derive(Clone)]
pub struct ErrorPage {
    draw: Arc<dyn Fn(&Problem) -> String + Send + Sync>,
    policy: HeaderValue,
}

impl ErrorPage {
    /// Draws error pages with this function and this content policy.
    pub fn new(
        policy: HeaderValue,
        draw: impl Fn(&Problem) -> String + Send + Sync + 'static,
    ) -> Self {
        Self {
            draw: Arc::new(draw),
            policy,
        }
    }

    /// Answers with the page of this problem.
    pub fn response(&self, status: StatusCode, problem: &Problem) -> Response {
        let policy = [(header::CONTENT_SECURITY_POLICY, self.policy.clone())];
        (status, policy, Html((self.draw)(problem))).into_response()
    }
}

impl Default for ErrorPage {
    fn default() -> Self {
        let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        Self::new(policy, |problem| {
            document(
                "Something went wrong",
                &format!(
                    "<h1>Something went wrong</h1><p>{}</p><p><small>{}</small></p>\
                     <p><a href=\"/\">Back to the start</a></p>",
                    Escaped(&problem.message),
                    problem.code,
                ),
            )
        })
    }
}

impl fmt::Debug for ErrorPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ErrorPage(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_text_on_the_error_page() {
        let problem = Problem::new(confidant_wire::Code::BadRequest, "<b>&");
        let html = (ErrorPage::default().draw)(&problem);
        assert!(html.contains("&lt;b&gt;&amp;"), "{html}");
    }
}

//! The layout of every page, and its security headers.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, html};
use url::Url;

/// A hidden field of a form: name and value.
pub(crate) type HiddenField<'a> = (&'a str, &'a str);

/// An HTML page.
pub(crate) struct Page {
    status: StatusCode,
    markup: Markup,
    /// The origin to which the page's form may redirect, besides this site.
    form_target: Option<String>,
}

impl Page {
    pub(crate) fn new(title: &str, content: Markup) -> Self {
        Self {
            status: StatusCode::OK,
            markup: document(title, "card", &content),
            form_target: None,
        }
    }

    /// Returns a page that is wider than a card.
    pub(crate) fn wide(title: &str, content: Markup) -> Self {
        Self {
            markup: document(title, "card wide", &content),
            ..Self::new(title, html! {})
        }
    }

    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// Allows the page's form to redirect to the origin of `url`. Chromium
    /// applies `form-action` to the redirects after a form, so the policy must
    /// contain the client's origin.
    pub(crate) fn with_form_leading_to(self, url: &str) -> Self {
        let origin = Url::parse(url).ok().map(|url| url.origin());
        let origin = origin.filter(url::Origin::is_tuple);
        Self {
            form_target: origin.map(|origin| origin.ascii_serialization()),
            ..self
        }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let target = self.form_target.unwrap_or_default();
        let policy = format!(
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
             frame-ancestors 'none'; form-action 'self' {target}"
        );
        let mut headers = HeaderMap::new();
        if let Ok(policy) = HeaderValue::from_str(policy.trim_end()) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        let fixed = [
            // For browsers that do not support frame-ancestors.
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            // The URL of a page contains the authorization request.
            (header::REFERRER_POLICY, "no-referrer"),
            (header::CACHE_CONTROL, "no-store"),
        ];
        for (name, value) in fixed {
            headers.insert(name, HeaderValue::from_static(value));
        }
        (self.status, headers, self.markup).into_response()
    }
}

/// Renders the hidden fields of a form.
pub(crate) fn hidden_inputs(fields: &[HiddenField<'_>]) -> Markup {
    html! {
        @for (name, value) in fields {
            input type="hidden" name=(name) value=(value);
        }
    }
}

fn document(title: &str, class: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Meridian ID" }
                link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/assets/style.css";
            }
            body {
                header { (brand()) }
                main class=(class) { (content) }
                footer {
                    p { "Meridian ID is a demo. Its accounts belong to no real people." }
                }
            }
        }
    }
}

fn brand() -> Markup {
    html! {
        span.brand {
            svg width="28" height="28" viewBox="0 0 32 32" fill="none" stroke="currentColor"
                stroke-width="2.4" aria-hidden="true" {
                circle cx="16" cy="16" r="13" {}
                ellipse cx="16" cy="16" rx="5.5" ry="13" {}
                path d="M3 16h26" {}
            }
            span { "Meridian " b { "ID" } }
        }
    }
}

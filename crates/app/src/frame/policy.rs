//! What a page may load and where its forms may lead.

/// What the server says about its pages; provided by context.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageSettings {
    /// Origins beside our own to which a form may lead: those of the
    /// providers' authorization endpoints. Browsers apply `form-action` to
    /// the redirect that follows a form as well.
    pub form_action_origins: Vec<String>,
}

/// The page's `Content-Security-Policy`. Inline scripts run by nonce only;
/// without one, none at all. Inline styles never apply.
pub fn content_security_policy(nonce: Option<&str>, settings: &PageSettings) -> String {
    let scripts = match nonce {
        Some(nonce) => format!("'self' 'nonce-{nonce}' 'wasm-unsafe-eval'"),
        None => "'none'".to_owned(),
    };
    let forms = ["'self'"]
        .into_iter()
        .chain(settings.form_action_origins.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join(" ");
    format!(
        "default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'; form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_inline_runs_without_the_nonce() {
        let settings = PageSettings::default();
        let policy = content_security_policy(Some("n0nce"), &settings);
        assert!(policy.contains("script-src 'self' 'nonce-n0nce' 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline"));
        assert!(content_security_policy(None, &settings).contains("script-src 'none';"));
    }

    #[test]
    fn forms_may_lead_to_the_providers_and_nowhere_else() {
        let settings = PageSettings {
            form_action_origins: vec!["http://127.0.0.1:4000".to_owned()],
        };
        let policy = content_security_policy(None, &settings);
        assert!(policy.contains("form-action 'self' http://127.0.0.1:4000;"));
    }
}

//! The content security policy: what a page may load, and where its forms may lead.

/// The server's settings for its pages; provided as context.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageSettings {
    /// Origins beside our own to which a form may lead: those of the
    /// providers' authorization endpoints. Browsers apply `form-action` to
    /// the redirect that follows a form as well.
    pub form_action_origins: Vec<String>,
    /// Origins to which pages of clients in the browser speak: those of the
    /// providers' endpoints and of the APIs.
    pub connect_origins: Vec<String>,
    /// Whether our own pages may show each other in frames, as the comparison
    /// does: in a demo. Other sites never may.
    pub own_frames: bool,
}

/// The page's `Content-Security-Policy`. Inline scripts run by nonce only;
/// without one, none at all. Inline styles never apply.
///
/// A page connects to our own server only, unless it runs a client: that has to
/// reach the provider and the APIs. No script may create markup or code from
/// text (Trusted Types), and no policy allows an exception but the one that names
/// the service worker's script.
pub fn content_security_policy(
    nonce: Option<&str>,
    settings: &PageSettings,
    runs_client: bool,
) -> String {
    let scripts = match nonce {
        Some(nonce) => format!("'self' 'nonce-{nonce}' 'wasm-unsafe-eval'"),
        None => "'none'".to_owned(),
    };
    let forms = and_ours(&settings.form_action_origins);
    let frames = if settings.own_frames {
        "'self'"
    } else {
        "'none'"
    };
    let (connect, workers, trusted_types) = match runs_client {
        true => (
            and_ours(&settings.connect_origins),
            "'self'",
            "confidant-service-worker",
        ),
        false => (and_ours(&[]), "'none'", "'none'"),
    };
    format!(
        "default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; \
         connect-src {connect}; worker-src {workers}; form-action {forms}; base-uri 'none'; \
         require-trusted-types-for 'script'; trusted-types {trusted_types}; \
         frame-src {frames}; frame-ancestors {frames}"
    )
}

fn and_ours(origins: &[String]) -> String {
    ["'self'"]
        .into_iter()
        .chain(origins.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_inline_runs_without_the_nonce() {
        let settings = PageSettings::default();
        let policy = content_security_policy(Some("n0nce"), &settings, false);
        assert!(policy.contains("script-src 'self' 'nonce-n0nce' 'wasm-unsafe-eval';"));
        assert!(!policy.contains("unsafe-inline"));
        assert!(content_security_policy(None, &settings, false).contains("script-src 'none';"));
    }

    #[test]
    fn forms_may_lead_to_the_providers_and_nowhere_else() {
        let settings = PageSettings {
            form_action_origins: vec!["http://127.0.0.1:4000".to_owned()],
            ..PageSettings::default()
        };
        let policy = content_security_policy(None, &settings, false);
        assert!(policy.contains("form-action 'self' http://127.0.0.1:4000;"));
    }

    #[test]
    fn only_pages_that_run_a_client_connect_to_others() {
        let settings = PageSettings {
            connect_origins: vec!["http://127.0.0.1:4000".to_owned()],
            ..PageSettings::default()
        };
        let drawn = content_security_policy(Some("n"), &settings, false);
        assert!(drawn.contains("connect-src 'self'; worker-src 'none';"));
        let live = content_security_policy(Some("n"), &settings, true);
        assert!(live.contains("connect-src 'self' http://127.0.0.1:4000; worker-src 'self';"));
    }

    #[test]
    fn every_page_requires_trusted_types_and_none_has_a_default_policy() {
        for runs_client in [true, false] {
            let policy = content_security_policy(None, &PageSettings::default(), runs_client);
            assert!(
                policy.contains("require-trusted-types-for 'script';"),
                "{policy}"
            );
            assert!(!policy.contains("default;") && !policy.contains("allow-duplicates"));
        }
    }

    #[test]
    fn no_other_site_ever_frames_us() {
        for own_frames in [false, true] {
            let settings = PageSettings {
                own_frames,
                ..PageSettings::default()
            };
            let policy = content_security_policy(None, &settings, false);
            let expected = if own_frames { "'self'" } else { "'none'" };
            assert!(policy.ends_with(&format!("frame-ancestors {expected}")));
        }
    }
}

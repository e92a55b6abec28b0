//! A provider with one address for browsers and another for this server, as in
//! containers: the issuer is `http://localhost:8080/realms/x`, and the server
//! reaches it at `http://keycloak:8080`.

use url::{Origin, Url};

/// The address for this server.
#[derive(Clone, Debug)]
pub(super) struct Backchannel {
    /// The origin that browsers use.
    from: Origin,
    to: Url,
}

impl Backchannel {
    pub(super) fn new(issuer: &Url, to: Url) -> Self {
        let from = issuer.origin();
        Self { from, to }
    }

    /// Replaces the origin of a URL that browsers would use. The path and the
    /// query stay.
    pub(super) fn apply(&self, url: &mut Url) {
        if url.origin() != self.from {
            return;
        }
        let mut replaced = self.to.clone();
        replaced.set_path(url.path());
        replaced.set_query(url.query());
        *url = replaced;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b17_only_the_issuer_s_own_origin_is_replaced() {
        let issuer = Url::parse("http://localhost:8080/realms/x").unwrap();
        let backchannel = Backchannel::new(&issuer, Url::parse("https://kc:8443").unwrap());
        for (url, expected) in [
            (
                "http://localhost:8080/token?a=b%20c",
                "https://kc:8443/token?a=b%20c",
            ),
            ("http://localhost:8081/token", "http://localhost:8081/token"),
            ("http://keycloak:8080/token", "http://keycloak:8080/token"),
        ] {
            let mut url = Url::parse(url).unwrap();
            backchannel.apply(&mut url);
            assert_eq!(url.as_str(), expected);
        }
    }
}

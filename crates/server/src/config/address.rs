//! Addresses to listen on, and URLs that may receive secrets.

use confidant_protocol::loopback::is_loopback;
use std::net::SocketAddr;
use url::Url;

/// Parses an address to listen on. Its port must be fixed, because it is part
/// of `public_url` or of an issuer.
pub(super) fn listen(text: &str) -> Result<SocketAddr, String> {
    match text.parse::<SocketAddr>() {
        Ok(address) if address.port() != 0 => Ok(address),
        _ => Err(format!(
            "{text:?} is not an address and a port: expected a form like \"127.0.0.1:3000\""
        )),
    }
}

/// Parses an origin: a URL without path, query or fragment.
///
/// Plain http is allowed on the loopback interface only. Elsewhere, browsers
/// reject the session cookie over http, because it is `Secure`.
pub(super) fn origin(text: &str) -> Result<Url, String> {
    let url = endpoint(text)?;
    if url.path() != "/" || url.query().is_some() {
        return Err(format!(
            "{text:?} is more than an origin: expected only scheme, host and port, \
             as in \"https://app.example\""
        ));
    }
    Ok(url)
}

/// Parses a URL that may receive users, codes or secrets: https, or http on
/// the loopback interface.
pub(super) fn endpoint(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| {
        format!("{text:?} is not a URL ({error}): expected a form like \"https://app.example\"")
    })?;
    if url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err("this URL cannot have a fragment, a user name or a password".to_owned());
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if url.host_str().is_some_and(is_loopback) => Ok(url),
        "http" => Err(format!(
            "{text:?} is plain http: expected https, or http on localhost, 127.0.0.1 or [::1]"
        )),
        other => Err(format!(
            "the scheme {other:?} is not allowed in this URL: expected https"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use confidant_protocol::cases::loopback::{LOOPBACK, OTHER};

    #[test]
    fn the_public_url_is_an_origin_where_a_secure_cookie_lives() {
        for good in [
            "https://app.example",
            "https://app.example:8443/",
            "http://localhost:3000",
            "http://app.localhost:3000",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
        ] {
            assert_eq!(
                origin(good).map(|url| url.path().to_owned()),
                Ok("/".into())
            );
        }
        for bad in [
            "app.example",
            "https://app.example/app",
            "https://app.example?x=1",
            "https://app.example/#top",
            "https://alice@app.example",
            "http://app.example",
            "http://localhost.app.example",
            "http://10.0.0.1:3000",
            "ftp://localhost",
            "",
        ] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn plain_http_is_accepted_on_this_machine_only() {
        // IPv6 addresses have brackets in a URL, and some texts are no hosts.
        let accepts = |host: &&&str| endpoint(&format!("http://{host}/")).is_ok();
        let rejected: Vec<_> = LOOPBACK.iter().filter(|host| !accepts(host)).collect();
        assert_eq!(rejected, [&"::1"]);
        // The URL parser rewrites this one to 127.0.0.1.
        let accepted: Vec<_> = OTHER.iter().filter(accepts).collect();
        assert_eq!(accepted, [&"127.1"]);
    }

    #[test]
    fn a_port_of_zero_cannot_be_part_of_a_public_url() {
        assert!(listen("127.0.0.1:0").is_err());
        assert!(listen("localhost:3000").is_err());
        assert!(listen("[::1]:3000").is_ok());
    }
}

//! `[[apis]]`.

use super::*;

fn with_api(api: &str) -> String {
    format!("{SMALL}\n[[apis]]\n{api}")
}

#[cfg(feature = "demo")]
#[test]
fn the_demos_api_follows_its_provider_and_lists_its_routes() {
    let address = [("CONFIDANT_DEMO_PROVIDER", "127.0.0.1:4100")];
    let elsewhere = [
        ("CONFIDANT_DEMO_PROVIDER", "external"),
        ("CONFIDANT_PROVIDERS__DEMO__ISSUER", "http://127.0.0.1:4100"),
        ("DEMO_CLIENT_SECRET", "hush"),
    ];
    for variables in [&address[..], &elsewhere] {
        let environment = variables.iter().copied().collect();
        let config = Config::load(None, &environment, &generated).unwrap();
        let [api] = config.settings.apis.as_slice() else {
            panic!("one API");
        };
        assert_eq!(api.upstream.as_str(), "http://127.0.0.1:4100/api");
        let routes: Vec<_> = api.routes.iter().map(ToString::to_string).collect();
        assert_eq!(routes, ["GET /echo", "POST /echo", "GET /me"]);
        assert_eq!((api.timeout.as_secs(), api.body_limit), (30, 10_485_760));
    }
}

#[test]
fn every_key_of_an_api_is_read_and_can_be_overridden() {
    let text = with_api(
        r#"
id = "my-api"
provider = "my-idp"
upstream = "https://api.example/v1/"
routes = ["* /files/*", "GET /orders/{id}"]
request_headers = ["X-Api-Version", "x-csrf-token"]
resource = "https://api.example"
scope = ["orders", "files"]
timeout = "5s"
body_limit = 1000
"#,
    );
    let api = load(&text, &[]).unwrap().settings.apis.remove(0);
    assert_eq!(api.resource.as_deref(), Some("https://api.example"));
    assert_eq!(api.scope, Some(vec!["orders".into(), "files".into()]));
    let headers = ["x-api-version", "X-CSRF-Token"].map(|name| name.parse().unwrap());
    assert_eq!(api.request_headers, headers);
    assert_eq!((api.timeout.as_secs(), api.body_limit), (5, 1000));

    let variables = [
        ("CONFIDANT_APIS__MY_API__UPSTREAM", "https://other.example"),
        ("CONFIDANT_APIS__MY_API__ROUTES", r#"["GET /"]"#),
        ("CONFIDANT_APIS__MY_API__REQUEST_HEADERS", r#"["x-tenant"]"#),
        ("CONFIDANT_APIS__MY_API__SCOPE", "orders"),
        ("CONFIDANT_APIS__0__TIMEOUT", "1m"),
        ("CONFIDANT_APIS__0__BODY_LIMIT", "2000"),
    ];
    let api = load(&text, &variables).unwrap().settings.apis.remove(0);
    assert_eq!(api.upstream.as_str(), "https://other.example/");
    assert_eq!(api.routes[0].to_string(), "GET /");
    assert_eq!(api.scope, Some(vec!["orders".into()]));
    assert_eq!(api.request_headers, ["x-tenant".parse().unwrap()]);
    assert_eq!((api.timeout.as_secs(), api.body_limit), (60, 2000));
}

#[test]
fn an_api_gets_no_further_headers_by_default() {
    let api = "id = \"a\"\nprovider = \"my-idp\"\nupstream = \"https://api.example\"\n\
               routes = [\"GET /\"]\n";
    let config = load(&with_api(api), &[]).unwrap();
    assert_eq!(config.settings.apis[0].request_headers, []);
}

#[test]
fn a_header_that_is_never_forwarded_is_refused_with_the_reason() {
    let text = with_api(
        r#"id = "a"
provider = "my-idp"
upstream = "https://api.example"
routes = ["GET /"]
request_headers = ["X-Api-Version", "Authorization", "Cookie", "Host",
  "Connection", "X-Forwarded-For", "Forwarded", "Proxy", "Origin",
  "X-HTTP-Method-Override", "X_Api_Version", "X Api", ""]
"#,
    );
    assert_refusal(
        &refusal(&text, &[]),
        r#"
c.toml:16: apis[0].request_headers[1]: "Authorization" is never forwarded: it is for this server; the token says who the user is
c.toml:16: apis[0].request_headers[2]: "Cookie" is never forwarded: it is for this server; the token says who the user is
c.toml:16: apis[0].request_headers[3]: "Host" is never forwarded: it belongs to one connection, and is set anew for the next
c.toml:17: apis[0].request_headers[4]: "Connection" is never forwarded: it belongs to one connection, and is set anew for the next
c.toml:17: apis[0].request_headers[5]: "X-Forwarded-For" is never forwarded: APIs believe it of a proxy in front of them, and a browser may send anything
c.toml:17: apis[0].request_headers[6]: "Forwarded" is never forwarded: APIs believe it of a proxy in front of them, and a browser may send anything
c.toml:17: apis[0].request_headers[7]: "Proxy" is never forwarded: APIs believe it of a proxy in front of them, and a browser may send anything
c.toml:17: apis[0].request_headers[8]: "Origin" is never forwarded: it is between the browser and this server
c.toml:18: apis[0].request_headers[9]: "X-HTTP-Method-Override" is never forwarded: it can replace the method or path that a route was opened for
c.toml:18: apis[0].request_headers[10]: "X_Api_Version" has an underscore: some servers take it for a hyphen, and the header for another one, so no such header is forwarded
c.toml:18: apis[0].request_headers[11]: "X Api" is no header: expected a name such as "X-Api-Version"
c.toml:18: apis[0].request_headers[12]: "" is no header: expected a name such as "X-Api-Version"
"#,
    );
}

#[test]
fn all_invalid_values_of_an_api_are_reported_at_once() {
    let text = with_api(
        r#"id = "My API"
provider = "nobody"
upstream = "http://api.example"
routes = ["GET /ok", "get /orders",
  "GET /../secret"]
resource = "orders"
timeout = "0s"
body_limit = "much"
[[apis]]
id = "b"
provider = "my-idp"
routes = []
[[apis]]
id = "b"
provider = "my-idp"
upstream = "https://api.example/?key=1"
routes = ["/orders"]
scope = []
timeout = "soon"
"#,
    );
    assert_refusal(
        &refusal(&text, &[]),
        r#"
c.toml:12: apis[0].id: "My API" is not an id: expected 1 to 64 of a-z, 0-9, hyphen and underscore
c.toml:13: apis[0].provider: there is no provider "nobody": expected one of my-idp
c.toml:14: apis[0].upstream: "http://api.example" is plain http: expected https, or http on localhost, 127.0.0.1 or [::1]
c.toml:15: apis[0].routes[1]: "get" is no method: expected * or one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS
c.toml:16: apis[0].routes[2]: "/../secret" is no pattern of paths: expected plain segments, a whole segment in braces for any one, and /* at the end for any rest
c.toml:17: apis[0].resource: "orders" is not a resource: expected an absolute URI without fragment (RFC 8707, section 2)
c.toml:18: apis[0].timeout: "0s" is not a duration: expected a form like "90s", "15m", "8h" or "7d"
c.toml:19: apis[0].body_limit: "much" is not a size: expected a number of bytes
c.toml:21: apis[1].id: has no address: expected `upstream`, the base URL of its paths
c.toml:23: apis[1].routes: is empty, so nothing would be forwarded: expected routes such as "GET /orders/{id}"
c.toml:25: apis[2].id: a second API with the id "b"
c.toml:27: apis[2].upstream: this URL cannot have a query: each request brings its own
c.toml:28: apis[2].routes[0]: "/orders" is no route: expected a method and a path, as in "GET /orders/{id}"
c.toml:29: apis[2].scope: is empty: expected a scope
c.toml:30: apis[2].timeout: "soon" is not a duration: expected a form like "90s", "15m", "8h" or "7d"
"#,
    );
    for (key, message) in [
        ("routs = []", "apis[0].routs: unknown field `routs`"),
        (
            "body_limit = -1",
            "apis[0].body_limit: expected a number of bytes",
        ),
        ("routes = \"GET /\"", "apis[0].routes: invalid type"),
    ] {
        let text = with_api(&format!("id = \"a\"\nprovider = \"my-idp\"\n{key}\n"));
        let refusal = refusal(&text, &[]);
        assert!(
            refusal.starts_with("c.toml:14: ") && refusal.contains(message),
            "{refusal}"
        );
    }
}

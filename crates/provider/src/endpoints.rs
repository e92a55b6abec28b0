//! The endpoints by path, for request counts and fault rules.

/// All endpoints outside of `/demo`.
const ENDPOINTS: [&str; 14] = [
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/jwks",
    "/authorize",
    "/login",
    "/consent",
    "/token",
    "/userinfo",
    "/introspect",
    "/tokeninfo",
    "/revoke",
    "/end_session",
    "/api/echo",
    "/api/me",
];

/// Returns the endpoint at `path`.
pub(crate) fn endpoint(path: &str) -> Option<&'static str> {
    ENDPOINTS.iter().find(|own| **own == path).copied()
}

/// Returns whether `filter` matches `path`: it is the path itself, or a prefix
/// of the path followed by `*`.
pub(crate) fn matches(filter: &str, path: &str) -> bool {
    match filter.strip_suffix('*') {
        Some(prefix) => path.starts_with(prefix),
        None => filter == path,
    }
}

/// Returns whether `filter` matches any endpoint.
pub(crate) fn matches_any(filter: &str) -> bool {
    ENDPOINTS.iter().any(|path| matches(filter, path))
}

//! The endpoints that requests are counted by and faults are put into.

/// Every endpoint but the demo's own.
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

/// The endpoint at `path`, if there is one.
pub(crate) fn endpoint(path: &str) -> Option<&'static str> {
    ENDPOINTS.iter().find(|own| **own == path).copied()
}

/// Whether `filter` names `path`: by itself or, with a `*` at the end, by
/// what it begins with.
pub(crate) fn matches(filter: &str, path: &str) -> bool {
    match filter.strip_suffix('*') {
        Some(beginning) => path.starts_with(beginning),
        None => filter == path,
    }
}

/// Whether `filter` names any endpoint at all.
pub(crate) fn matches_any(filter: &str) -> bool {
    ENDPOINTS.iter().any(|path| matches(filter, path))
}

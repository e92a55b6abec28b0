//! What the provider says about a token: introspection (RFC 7662) for
//! confidential clients, and Google's tokeninfo.

pub(crate) mod introspect;
pub(crate) mod tokeninfo;

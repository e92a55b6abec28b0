//! What an access or refresh token is valid for: RFC 7662 introspection for
//! confidential clients, and Google's tokeninfo.

pub(crate) mod introspect;
pub(crate) mod tokeninfo;

//! What a client may ask about, and do to, tokens that it has: introspection,
//! tokeninfo, revocation.

pub(crate) mod introspect;
pub(crate) mod revoke;
pub(crate) mod tokeninfo;

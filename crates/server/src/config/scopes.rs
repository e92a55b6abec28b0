//! Lists of scopes (RFC 6749, section 3.3).

use super::{diagnostics::Diagnostics, schema::Scopes};
use toml::Spanned;

/// Returns the scopes of a list that is not empty.
pub(super) fn validate(
    scopes: Spanned<Scopes>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Vec<String>> {
    let value = Spanned::new(scopes.span(), ());
    let list = scopes.into_inner().into_list();
    if let Some(bad) = list.iter().find(|scope| !is_scope_token(scope)) {
        let message = format!("{bad:?} is not a scope (RFC 6749, section 3.3)");
        diagnostics.report(&value, message);
        return None;
    }
    if list.is_empty() {
        diagnostics.report(&value, "is empty: expected a scope");
        return None;
    }
    Some(list)
}

fn is_scope_token(scope: &str) -> bool {
    let allowed = |b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    !scope.is_empty() && scope.bytes().all(allowed)
}

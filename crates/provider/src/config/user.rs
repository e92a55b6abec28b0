//! The users who can sign in.

use serde_json::{Map, Value};

use crate::oauth::scope::Scope;

/// A user of the demo provider.
#[derive(Clone, Debug)]
pub struct User {
    /// The `sub` claim, which never changes.
    pub subject: String,
    /// The name that the user signs in with.
    pub username: String,
    /// The password. It is no secret: the login page shows it.
    pub password: String,
    /// The full name.
    pub name: String,
    /// The email address.
    pub email: String,
}

impl User {
    /// Returns the claims that `scope` requests, without `sub` (OpenID Connect
    /// Core section 5.4).
    pub(crate) fn claims(&self, scope: &Scope) -> Map<String, Value> {
        let mut claims = Map::new();
        if scope.contains("profile") {
            claims.insert("name".to_owned(), self.name.clone().into());
            claims.insert(
                "preferred_username".to_owned(),
                self.username.clone().into(),
            );
        }
        if scope.contains("email") {
            claims.insert("email".to_owned(), self.email.clone().into());
            claims.insert("email_verified".to_owned(), true.into());
        }
        claims
    }
}

//! The profile of a provider.

use super::{
    calls::{RevocationStyle, TokenValidation, Userinfo},
    client_authentication::ClientAuthentication,
    endpoints::ProfileEndpoints,
};
use crate::{reuse::Reuse, token_error::TokenErrorRules};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The behaviour of one provider.
///
/// Its serialised form is for public clients and contains what they use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProviderProfile {
    /// Where the provider is.
    #[serde(skip)]
    pub endpoints: ProfileEndpoints,
    /// The scopes to request if the configuration names none.
    #[serde(skip)]
    pub scopes: Vec<String>,
    /// Whether pages can be public clients: the provider registers clients
    /// without a secret and allows their requests by CORS.
    #[serde(skip)]
    pub public_clients: bool,
    /// How a confidential client authenticates at the token endpoint. `None`:
    /// as the provider's metadata say.
    #[serde(skip)]
    pub client_authentication: Option<ClientAuthentication>,
    /// Whether a confidential client uses PKCE (RFC 7636). Public clients always
    /// do.
    #[serde(skip)]
    pub pkce: bool,
    /// The parameter of the authorization request that lists the scopes.
    pub scope_parameter: String,
    /// What separates scopes in a request (RFC 6749, section 3.3: a space).
    pub scope_separator: char,
    /// Further parameters of the authorization request.
    pub authorize_params: BTreeMap<String, String>,
    /// What happens to a refresh token after its use.
    pub reuse: Reuse,
    /// What is presented to get another access token.
    #[serde(skip)]
    pub refresh_grant: RefreshGrant,
    /// Whether a refresh repeats the `redirect_uri` of the authorization
    /// request.
    pub redirect_uri_at_refresh: bool,
    /// Which error codes of the token endpoint mean what.
    pub token_errors: TokenErrorRules,
    /// The member of a token response that contains the tokens, if they are not
    /// at the top.
    pub nested_token: Option<String>,
    /// The lifetime in seconds of an access token for which the provider states
    /// none. `None`: it is used until an API refuses it.
    pub default_lifetime: Option<u64>,
    /// How the client learns who the user is without an ID token.
    #[serde(skip)]
    pub userinfo: Userinfo,
    /// How the client asks whether an access token is valid.
    #[serde(skip)]
    pub validation: TokenValidation,
    /// How the client revokes tokens.
    #[serde(skip)]
    pub revocation: RevocationStyle,
    /// Whether the tokens of a session that was replaced or has expired are
    /// revoked. False where the revocation of one token also ends the newer
    /// grants of the same user.
    #[serde(skip)]
    pub revoke_on_replacement: bool,
}

/// What a client presents to get another access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshGrant {
    /// A refresh token (RFC 6749, section 6).
    RefreshToken,
    /// The access token itself, with Facebook's grant type `fb_exchange_token`.
    FacebookExchange,
}

impl ProviderProfile {
    /// Returns the careful assumptions about a provider that is not known
    /// otherwise.
    pub fn generic() -> Self {
        Self {
            endpoints: ProfileEndpoints::Configured,
            scopes: strings(["openid"]),
            public_clients: true,
            client_authentication: None,
            pkce: true,
            scope_parameter: "scope".to_owned(),
            scope_separator: ' ',
            authorize_params: BTreeMap::new(),
            reuse: Reuse::Strict,
            refresh_grant: RefreshGrant::RefreshToken,
            redirect_uri_at_refresh: false,
            token_errors: TokenErrorRules::lenient(),
            nested_token: None,
            default_lifetime: None,
            userinfo: Userinfo::standard(),
            validation: TokenValidation::Introspection,
            revocation: RevocationStyle::Standard,
            revoke_on_replacement: true,
        }
    }

    /// Joins scopes as a request lists them.
    pub fn join_scopes(&self, scopes: &[String]) -> String {
        scopes.join(self.scope_separator.encode_utf8(&mut [0; 4]))
    }
}

impl Default for ProviderProfile {
    fn default() -> Self {
        Self::generic()
    }
}

/// Returns owned copies of constant texts.
pub(super) fn strings<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).into()
}

/// Returns parameters with these names and values.
pub(super) fn params<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_clients_get_what_they_use() {
        let profile = ProviderProfile {
            scope_separator: ',',
            authorize_params: params([("audience", "https://api.example")]),
            nested_token: Some("user".to_owned()),
            default_lifetime: Some(60),
            redirect_uri_at_refresh: true,
            reuse: Reuse::Reusable,
            ..ProviderProfile::generic()
        };
        let text = serde_json::to_string(&profile).unwrap();
        assert_eq!(
            serde_json::from_str::<ProviderProfile>(&text).unwrap(),
            profile
        );
        assert!(!text.contains("revocation"), "{text}");
        let empty: ProviderProfile = serde_json::from_str("{}").unwrap();
        assert_eq!(empty, ProviderProfile::generic());
    }

    #[test]
    fn scopes_are_joined_by_the_separator() {
        let scopes = strings(["a", "b"]);
        let mut profile = ProviderProfile::generic();
        assert_eq!(profile.join_scopes(&scopes), "a b");
        profile.scope_separator = ',';
        assert_eq!(profile.join_scopes(&scopes), "a,b");
        assert_eq!(profile.join_scopes(&[]), "");
    }
}

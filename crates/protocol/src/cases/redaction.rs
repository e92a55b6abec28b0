//! Parameters, and what an exchange log may show of each.

use confidant_wire::TokenKind;

/// One parameter.
#[derive(Debug)]
pub struct RedactionCase {
    /// Its name.
    pub name: &'static str,
    /// Whether its value is shown.
    pub shown: bool,
    /// The kind of its fingerprint, if it has one.
    pub fingerprint: Option<TokenKind>,
}

const fn shown(name: &'static str) -> RedactionCase {
    RedactionCase {
        name,
        shown: true,
        fingerprint: None,
    }
}

const fn hidden(name: &'static str) -> RedactionCase {
    RedactionCase {
        name,
        shown: false,
        fingerprint: None,
    }
}

const fn fingerprinted(name: &'static str, kind: TokenKind) -> RedactionCase {
    RedactionCase {
        name,
        shown: false,
        fingerprint: Some(kind),
    }
}

/// The cases.
pub const CASES: &[RedactionCase] = &[
    shown("grant_type"),
    shown("scope"),
    shown("resource"),
    shown("prompt"),
    shown("code_challenge"),
    shown("nickname"),
    shown("refresh_token_expires_in"),
    fingerprinted("access_token", TokenKind::Access),
    fingerprinted("token", TokenKind::Access),
    fingerprinted("refresh_token", TokenKind::Refresh),
    fingerprinted("id_token", TokenKind::Id),
    fingerprinted("id_token_hint", TokenKind::Id),
    fingerprinted("code", TokenKind::Code),
    fingerprinted("state", TokenKind::Once),
    fingerprinted("nonce", TokenKind::Once),
    fingerprinted("code_verifier", TokenKind::Once),
    hidden("client_secret"),
    hidden("client_assertion"),
    hidden("assertion"),
    hidden("password"),
    hidden("error_description"),
    hidden("accessToken"),
    hidden("authed_user"),
    hidden("Scope"),
    hidden(""),
];

/// A form in which every secret ends in `-secret`.
pub const FORM: &str = "grant_type=refresh_token&refresh_token=r-secret&client_secret=c-secret\
    &code=o-secret&code_verifier=v-secret&assertion=a-secret&token=t-secret\
    &token_type_hint=refresh_token&state=s-secret";

/// A body in which every secret ends in `-secret`.
pub const JSON: &str = r#"{"access_token":"a-secret","refresh_token":"r-secret",
    "id_token":"i-secret","expires_in":60,"authed_user":{"access_token":"n-secret"},
    "error_description":"r-secret"}"#;

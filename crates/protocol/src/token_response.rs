//! The successful token response (RFC 6749, section 5.1), in all spellings
//! that providers use.

use crate::provider_profile::{ProviderProfile, RefreshGrant};
use confidant_wire::Claims;
use serde_json::Value;
use std::{fmt, time::Duration};

/// A response of the token endpoint, complete.
#[derive(Clone, Copy, Debug)]
pub struct RawResponse<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The header `Content-Type`; empty if there is none.
    pub content_type: &'a str,
    /// The body.
    pub body: &'a [u8],
    /// The header `Retry-After`, as [`retry_after`] reads it.
    pub retry_after: Option<Duration>,
}

/// The contents of a successful token response. Its `Debug` output contains no
/// token.
#[derive(Clone, PartialEq)]
pub struct TokenResponse {
    /// The access token.
    pub access_token: String,
    /// `Bearer`, `DPoP`, or another type; `Bearer` if the provider named none.
    pub token_type: String,
    /// The lifetime in seconds. `None` if the provider stated none, or stated
    /// zero, by which some mean that the token does not expire.
    pub expires_in: Option<u64>,
    /// The granted scopes; `None` if they are the requested ones.
    pub scopes: Option<Vec<String>>,
    /// The new refresh token. `None` leaves the old one in use (section 6).
    pub refresh_token: Option<String>,
    /// The ID token (OpenID Connect Core 1.0, section 3.1.3.3).
    pub id_token: Option<String>,
    /// All other members.
    pub extras: Claims,
}

impl RawResponse<'_> {
    /// Returns the members of the body: a JSON object, or the form that GitHub
    /// sends. `None` if the body is neither.
    pub fn fields(&self) -> Option<Claims> {
        if self.is_form() {
            let pairs = form_urlencoded::parse(self.body);
            let fields = pairs.map(|(name, value)| (name.into_owned(), value.into()));
            return Some(fields.collect());
        }
        serde_json::from_slice(self.body).ok()
    }

    fn is_form(&self) -> bool {
        let media_type = self.content_type.split(';').next().unwrap_or_default();
        media_type
            .trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    }
}

impl TokenResponse {
    /// Reads the members of a response of a provider with this profile. `None`
    /// if there is no access token.
    pub fn from_fields(fields: Claims, profile: &ProviderProfile) -> Option<Self> {
        let mut fields = match &profile.nested_token {
            Some(member) => unnested(fields, member),
            None => fields,
        };
        let mut text = |name: &str| match fields.remove(name) {
            Some(Value::String(text)) if !text.is_empty() => Some(text),
            _ => None,
        };
        let access_token = text("access_token")?;
        let token_type = text("token_type").unwrap_or_else(|| "Bearer".to_owned());
        let id_token = text("id_token");
        let refresh_token = text("refresh_token").or_else(|| match profile.refresh_grant {
            RefreshGrant::RefreshToken => None,
            RefreshGrant::FacebookExchange => Some(access_token.clone()),
        });
        Some(Self {
            access_token,
            token_type,
            refresh_token,
            id_token,
            expires_in: fields
                .remove("expires_in")
                .and_then(seconds)
                .or(profile.default_lifetime),
            scopes: fields.remove("scope").and_then(scopes),
            extras: fields,
        })
    }

    /// Whether the access token is bound to a key (RFC 9449, section 5).
    pub fn is_dpop_bound(&self) -> bool {
        self.token_type.eq_ignore_ascii_case("dpop")
    }
}

/// Moves the members of an object to the top, unless an access token is there
/// already.
fn unnested(mut fields: Claims, member: &str) -> Claims {
    let has_token = fields.get("access_token").is_some_and(Value::is_string);
    if !has_token && let Some(Value::Object(nested)) = fields.remove(member) {
        fields.extend(nested);
    }
    fields
}

/// Reads seconds from a number, a fraction or text.
fn seconds(value: Value) -> Option<u64> {
    let seconds = match value {
        // The conversion saturates: negative values and NaN become zero.
        Value::Number(number) => number.as_u64().or(number.as_f64().map(|f| f as u64)),
        Value::String(text) => whole(text.trim()).parse().ok(),
        _ => None,
    };
    seconds.filter(|seconds| *seconds > 0)
}

/// Removes the digits after the decimal point.
fn whole(number: &str) -> &str {
    match number.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|b| b.is_ascii_digit()) => whole,
        _ => number,
    }
}

/// Reads scopes separated by spaces or commas, or a list of them.
fn scopes(value: Value) -> Option<Vec<String>> {
    let scopes: Vec<String> = match value {
        Value::String(text) => text
            .split([' ', ','])
            .filter(|scope| !scope.is_empty())
            .map(str::to_owned)
            .collect(),
        Value::Array(list) => list
            .iter()
            .filter_map(|scope| scope.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    };
    (!scopes.is_empty()).then_some(scopes)
}

/// Reads the header `Retry-After` in seconds (RFC 9110, section 10.2.3). A date
/// is ignored: it would need the provider's clock.
pub fn retry_after(header: &str) -> Option<Duration> {
    header.trim().parse().ok().map(Duration::from_secs)
}

impl fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenResponse(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::token_response::{CASES, UNREADABLE};

    fn read(content_type: &str, body: &str) -> Option<TokenResponse> {
        let response = RawResponse {
            status: 200,
            content_type,
            body: body.as_bytes(),
            retry_after: None,
        };
        let fields = response.fields()?;
        TokenResponse::from_fields(fields, &ProviderProfile::generic())
    }

    #[test]
    fn a_response_is_read_in_all_its_spellings() {
        for case in CASES {
            let response = read(case.content_type, case.body).unwrap();
            assert_eq!(response.access_token, "a", "{}", case.body);
            assert_eq!(response.token_type, case.token_type, "{}", case.body);
            assert_eq!(response.expires_in, case.expires_in, "{}", case.body);
            let scopes = response.scopes.unwrap_or_default();
            assert_eq!(scopes, case.scopes, "{}", case.body);
            let refresh_token = response.refresh_token.as_deref();
            assert_eq!(refresh_token, case.refresh_token, "{}", case.body);
            let extras: Vec<_> = response.extras.keys().map(String::as_str).collect();
            assert_eq!(extras, case.extras, "{}", case.body);
        }
    }

    #[test]
    fn without_an_access_token_there_is_no_response() {
        for body in UNREADABLE {
            assert_eq!(read("application/json", body), None, "{body}");
        }
    }

    #[test]
    fn retry_after_is_read_in_seconds_only() {
        assert_eq!(retry_after(" 7 "), Some(Duration::from_secs(7)));
        for header in ["", "-1", "soon", "Wed, 21 Oct 2026 07:28:00 GMT"] {
            assert_eq!(retry_after(header), None, "{header}");
        }
    }

    #[test]
    fn debug_output_contains_no_token() {
        let response = read("", r#"{"access_token":"a-secret"}"#).unwrap();
        assert!(!format!("{response:?}").contains("-secret"));
    }
}

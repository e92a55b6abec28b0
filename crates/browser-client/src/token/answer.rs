//! A token endpoint's good answer (RFC 6749, section 5.1).

use confidant_wire::Claims;
use serde_json::Value;

/// What it holds.
#[derive(Clone, PartialEq)]
pub struct TokenAnswer {
    /// The access token.
    pub access_token: String,
    /// `Bearer`, `DPoP`, or another.
    pub token_type: String,
    /// The token's life in seconds; none where the provider did not say, or
    /// said zero, by which some mean that it does not expire.
    pub expires_in: Option<u64>,
    /// The scopes granted; none where they are those asked for.
    pub scopes: Option<Vec<String>>,
    /// The new refresh token, where there is one.
    pub refresh_token: Option<String>,
    /// The ID token, where there is one.
    pub id_token: Option<String>,
    /// What else the provider sent.
    pub extras: Claims,
}

impl std::fmt::Debug for TokenAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenAnswer(…)")
    }
}

impl TokenAnswer {
    /// Reads the fields, in the spellings that providers have for them. None
    /// where there is no access token.
    pub(crate) fn read(mut fields: Claims) -> Option<Self> {
        let mut text = |name: &str| match fields.remove(name) {
            Some(Value::String(text)) if !text.is_empty() => Some(text),
            _ => None,
        };
        let access_token = text("access_token")?;
        let token_type = text("token_type").unwrap_or_else(|| "Bearer".into());
        let refresh_token = text("refresh_token");
        let id_token = text("id_token");
        Some(Self {
            access_token,
            token_type,
            refresh_token,
            id_token,
            expires_in: fields.remove("expires_in").and_then(seconds),
            scopes: fields.remove("scope").and_then(scopes),
            extras: fields,
        })
    }
}

/// Seconds, as a number, a fraction or text.
fn seconds(value: Value) -> Option<u64> {
    let seconds = match value {
        Value::Number(number) => number.as_u64().or(number.as_f64().map(|f| f as u64)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    seconds.filter(|seconds| *seconds > 0)
}

fn scopes(value: Value) -> Option<Vec<String>> {
    let scopes: Vec<String> = match value {
        Value::String(text) => text
            .split([' ', ','])
            .filter(|scope| !scope.is_empty())
            .map(str::to_owned)
            .collect(),
        Value::Array(all) => all
            .iter()
            .filter_map(|scope| scope.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    };
    (!scopes.is_empty()).then_some(scopes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Option<TokenAnswer> {
        TokenAnswer::read(serde_json::from_str(body).unwrap())
    }

    #[test]
    fn an_answer_is_read_in_all_its_spellings() {
        let it = read(
            r#"{"access_token":"a","token_type":"DPoP","expires_in":"60","scope":"b,c d",
                "refresh_token":"","x":1}"#,
        )
        .unwrap();
        assert_eq!((it.token_type.as_str(), it.expires_in), ("DPoP", Some(60)));
        assert_eq!(it.scopes.unwrap(), ["b", "c", "d"]);
        assert_eq!(it.refresh_token, None);
        assert_eq!(it.extras.len(), 1);
        let it = read(r#"{"access_token":"a","expires_in":59.9,"scope":["b"]}"#).unwrap();
        assert_eq!(
            (it.token_type.as_str(), it.expires_in),
            ("Bearer", Some(59))
        );
        let it = read(r#"{"access_token":"a","expires_in":0,"scope":null}"#).unwrap();
        assert_eq!((it.expires_in, it.scopes), (None, None));
    }

    #[test]
    fn without_an_access_token_there_is_no_answer() {
        assert_eq!(read(r#"{"access_token":""}"#), None);
        assert_eq!(read(r#"{"access_token":7}"#), None);
        assert_eq!(read(r#"{"token":"a"}"#), None);
    }
}

//! Request parameters, from a query or a form.

/// Decoded parameters in the order of the request. Parameters without a value
/// count as omitted (RFC 6749 section 3.1).
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Parses `application/x-www-form-urlencoded` text.
    pub(crate) fn parse(text: &[u8]) -> Self {
        let pairs = url::form_urlencoded::parse(text);
        Self(
            pairs
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        )
    }

    /// Returns the value of `name` unless it is missing or repeated.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(own, _)| own == name);
        match (values.next(), values.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }

    /// Returns whether any parameter is repeated. RFC 6749 section 3.1 forbids
    /// that, because two readers may pick two different values.
    pub(crate) fn has_repeated(&self) -> bool {
        let mut names = self.0.iter().map(|(name, _)| name);
        names.any(|name| self.0.iter().filter(|(own, _)| own == name).count() > 1)
    }

    /// Returns the parameters with `name` replaced by `value`, or without it
    /// if there is no value.
    pub(crate) fn with(&self, name: &str, value: Option<&str>) -> Self {
        let mut pairs = self.0.clone();
        pairs.retain(|(own, _)| own != name);
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            pairs.push((name.to_owned(), value.to_owned()));
        }
        Self(pairs)
    }

    /// Encodes the parameters as a query string.
    pub(crate) fn to_query(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.0)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_parameter_has_no_value() {
        let parameters = Parameters::parse(b"scope=a&state=x&scope=b");
        assert_eq!(parameters.get("scope"), None);
        assert!(parameters.has_repeated());
        assert!(!Parameters::parse(b"scope=a&state=x").has_repeated());
    }

    #[test]
    fn an_empty_parameter_counts_as_omitted() {
        let parameters = Parameters::parse(b"state=&scope=openid+email");
        assert_eq!(parameters.get("state"), None);
        assert_eq!(parameters.get("scope"), Some("openid email"));
    }
}

//! Parameters of the authorization request that the application chooses for one
//! sign-in.

use super::LoginError;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The longest value, in bytes.
const MAX_LENGTH: usize = 512;

/// The values of `prompt` that an application may ask for. `none` is not among
/// them: only a silent re-authentication can deal with its answers.
const PROMPTS: [&str; 4] = ["login", "consent", "select_account", "create"];

/// Parameters for one sign-in (OpenID Connect Core 1.0, section 3.1.2.1). No
/// other parameter can be set for one sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SignInParameters {
    /// Who will probably sign in: an e-mail address or a user name.
    pub login_hint: Option<String>,
    /// What the provider asks: `login`, `consent`, `select_account` or `create`,
    /// separated by spaces.
    pub prompt: Option<String>,
    /// The preferred languages of the provider's pages.
    pub ui_locales: Option<String>,
    /// The requested authentication context classes. The provider need not
    /// follow: an API that needs one checks the token.
    pub acr_values: Option<String>,
    /// How long ago, in seconds, the user may have authenticated. The ID token
    /// must prove it.
    pub max_age: Option<String>,
}

impl SignInParameters {
    /// Checks the values.
    ///
    /// # Errors
    /// [`LoginError::BadParameter`] with the name of the first that is not
    /// usable.
    pub(super) fn check(&self) -> Result<(), LoginError> {
        let is_prompt = |value: &str| value.split(' ').all(|word| PROMPTS.contains(&word));
        let is_number = |value: &str| value.len() < 10 && value.bytes().all(|b| b.is_ascii_digit());
        for (name, value) in self.given() {
            let is_usable = !value.is_empty()
                && value.len() <= MAX_LENGTH
                && !value.chars().any(char::is_control)
                && match name {
                    "prompt" => is_prompt(value),
                    "max_age" => is_number(value),
                    _ => true,
                };
            if !is_usable {
                return Err(LoginError::BadParameter(name));
            }
        }
        Ok(())
    }

    /// Adds the parameters to those of every sign-in. What the provider is
    /// always to ask, it still asks.
    pub(super) fn add_to(&self, all: &mut BTreeMap<String, String>) {
        for (name, value) in self.given() {
            let usual = all.entry(name.to_owned()).or_default();
            if name != "prompt" || usual == "none" {
                value.clone_into(usual);
                continue;
            }
            for word in value.split(' ') {
                if !usual.split(' ').any(|found| found == word) {
                    let space = if usual.is_empty() { "" } else { " " };
                    usual.push_str(space);
                    usual.push_str(word);
                }
            }
        }
    }

    fn given(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("login_hint", &self.login_hint),
            ("prompt", &self.prompt),
            ("ui_locales", &self.ui_locales),
            ("acr_values", &self.acr_values),
            ("max_age", &self.max_age),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(value: &str) -> SignInParameters {
        SignInParameters {
            prompt: Some(value.to_owned()),
            ..SignInParameters::default()
        }
    }

    #[test]
    fn b29_values_that_make_no_sense_are_refused() {
        for good in ["login", "select_account", "consent login"] {
            assert!(prompt(good).check().is_ok(), "{good}");
        }
        for bad in ["none", "", "login none", "login  consent", "LOGIN"] {
            assert!(prompt(bad).check().is_err(), "{bad}");
        }
        for (login_hint, max_age, is_good) in [
            ("ann@x.test", "0", true),
            ("ann@x.test", "-1", false),
            ("ann@x.test", "soon", false),
            ("ann\r\n", "1", false),
            ("", "1", false),
            (&"a".repeat(600), "1", false),
        ] {
            let parameters = SignInParameters {
                login_hint: Some(login_hint.to_owned()),
                max_age: Some(max_age.to_owned()),
                ..SignInParameters::default()
            };
            assert_eq!(
                parameters.check().is_ok(),
                is_good,
                "{login_hint:?} {max_age}"
            );
        }
    }

    #[test]
    fn b29_what_is_always_asked_is_asked_still() {
        let with = |usual: Option<&str>, value: &str| {
            let usual = usual.map(|usual| ("prompt".to_owned(), usual.to_owned()));
            let mut all: BTreeMap<_, _> = usual.into_iter().collect();
            prompt(value).add_to(&mut all);
            all.remove("prompt").unwrap()
        };
        assert_eq!(with(None, "login"), "login");
        assert_eq!(
            with(Some("consent"), "select_account"),
            "consent select_account"
        );
        assert_eq!(with(Some("consent"), "consent login"), "consent login");
        assert_eq!(with(Some("none"), "login"), "login");
    }
}

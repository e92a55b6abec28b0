//! The profiles of known providers, one file each: what differs from
//! [`ProviderProfile::generic`], and why.

use super::profile::ProviderProfile;

/// Declares the preset files and lists them once.
macro_rules! presets {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        impl ProviderProfile {
            /// The ids of all profiles.
            pub const IDS: &'static [&'static str] = &["generic", $(stringify!($name)),*];

            /// Returns the profile with this id.
            pub fn by_id(id: &str) -> Option<Self> {
                match id {
                    "generic" => Some(Self::generic()),
                    $(stringify!($name) => Some($name::profile()),)*
                    _ => None,
                }
            }
        }
    };
}

presets!(
    apple, auth0, authelia, cognito, dropbox, entra, facebook, fitbit, github, gitlab, google,
    keycloak, linkedin, okta, salesforce, slack, x, zitadel,
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_profile_exists_and_no_other_does() {
        for id in ProviderProfile::IDS {
            assert!(ProviderProfile::by_id(id).is_some(), "{id}");
        }
        assert_eq!(ProviderProfile::by_id("unknown"), None);
    }
}

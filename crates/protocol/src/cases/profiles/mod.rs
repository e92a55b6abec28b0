//! What each known provider sends and expects, in its own words, and what a
//! client makes of it. Every profile has every case.
//!
//! The clients request the scopes `b` and `c`. The first access token is `a1`,
//! the first refresh token `r1`.

mod oauth;
mod openid;
mod profile_cases;
mod social;

pub use profile_cases::{Answer, CodeRefusal, ProfileCases, Revocation, Tokens};

/// The titles of the cases that a confidential client runs.
pub const CONFIDENTIAL: &[&str] = &[
    "authorization request",
    "client authentication",
    "code exchange",
    "user",
    "refused code",
    "refresh request",
    "refresh",
    "other refresh answer",
    "odd refresh answer",
    "dead token",
    "misconfigured client",
    "rate limit",
    "outage",
    "unknown outcome",
    "validation",
    "revocation",
];

/// The titles of the cases that a public client runs.
pub const PUBLIC: &[&str] = &[
    "authorization request",
    "client authentication",
    "code exchange",
    "refused code",
    "refresh request",
    "refresh",
    "other refresh answer",
    "odd refresh answer",
    "dead token",
    "misconfigured client",
    "rate limit",
    "outage",
    "unknown outcome",
    "revocation",
];

/// The cases of all profiles.
pub const ALL: &[ProfileCases] = &[
    profile_cases::GENERIC,
    openid::APPLE,
    openid::AUTH0,
    openid::AUTHELIA,
    openid::COGNITO,
    oauth::DROPBOX,
    openid::ENTRA,
    social::FACEBOOK,
    social::FITBIT,
    oauth::GITHUB,
    openid::GITLAB,
    openid::GOOGLE,
    openid::KEYCLOAK,
    social::LINKEDIN,
    openid::OKTA,
    oauth::SALESFORCE,
    oauth::SLACK,
    social::X,
    openid::ZITADEL,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ProviderProfile;

    #[test]
    fn every_profile_has_its_cases() {
        let ids: Vec<_> = ALL.iter().map(|cases| cases.profile).collect();
        assert_eq!(ids, ProviderProfile::IDS);
        for cases in ALL {
            let profile = ProviderProfile::by_id(cases.profile).unwrap();
            assert_eq!(profile.public_clients, cases.public, "{}", cases.profile);
        }
    }
}

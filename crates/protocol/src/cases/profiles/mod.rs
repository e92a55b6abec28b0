//! What each known provider sends and expects, in its own words, and what a
//! client makes of it. Every profile has every case.
//!
//! The clients request the scopes `b` and `c`. The first access token is `a1`,
//! the first refresh token `r1`.

mod oauth;
mod openid;

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

/// A response of the provider.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The header `Content-Type`.
    pub content_type: &'static str,
    /// The body.
    pub body: &'static str,
}

/// The tokens that a client has after a response.
#[derive(Clone, Copy, Debug)]
pub struct Tokens {
    /// The access token.
    pub access_token: &'static str,
    /// What the client presents at the next refresh.
    pub refresh_token: Option<&'static str>,
    /// The token type.
    pub token_type: &'static str,
    /// The lifetime in seconds.
    pub lifetime: Option<u64>,
    /// The granted scopes.
    pub scopes: &'static [&'static str],
    /// The names of the members that are kept for display.
    pub extras: &'static [&'static str],
}

/// What a refused code exchange means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeRefusal {
    /// The code is used up: the user signs in again.
    Code,
    /// The provider does not say whether the code or the client is wrong.
    Client,
}

/// A revocation request.
#[derive(Clone, Copy, Debug)]
pub struct Revocation {
    /// The method.
    pub method: &'static str,
    /// The beginning of the header `Authorization`; empty if the client
    /// authenticates as at the token endpoint.
    pub authorization: &'static str,
    /// What the body contains.
    pub body: &'static str,
}

/// The cases of one profile.
#[derive(Clone, Copy, Debug)]
pub struct ProfileCases {
    /// The id of the profile.
    pub profile: &'static str,
    /// Whether pages can be public clients there.
    pub public: bool,
    /// Parameters of the authorization request.
    pub authorization: &'static [(&'static str, &'static str)],
    /// Whether a confidential client uses PKCE.
    pub pkce: bool,
    /// How it authenticates at the token endpoint, unless a key says otherwise:
    /// `basic` or `post`.
    pub authentication: &'static str,
    /// The userinfo response about the user with the identifier `7`.
    pub userinfo: &'static str,
    /// The answer to the code exchange.
    pub code_exchange: (Answer, Tokens),
    /// A refused code.
    pub code_refused: (Answer, CodeRefusal),
    /// Parameters of the refresh request.
    pub refresh_request: &'static [(&'static str, &'static str)],
    /// The usual answer to a refresh.
    pub refresh: (Answer, Tokens),
    /// An answer that handles the refresh token in another way.
    pub other_refresh: (Answer, Tokens),
    /// An answer with an odd lifetime, scope or token type.
    pub odd_refresh: (Answer, Tokens),
    /// Answers to a dead refresh token.
    pub dead: &'static [Answer],
    /// The answer to a client that is registered otherwise.
    pub misconfigured: Answer,
    /// The answer to a client that asks too often.
    pub rate_limited: Answer,
    /// The answer of a provider that is down and has not processed the request.
    pub outage: Answer,
    /// An answer after which the request may have been processed.
    pub unknown_outcome: Answer,
    /// The revocation request at sign-out.
    pub revocation: Revocation,
}

const fn json(status: u16, body: &'static str) -> Answer {
    Answer {
        status,
        content_type: "application/json",
        body,
    }
}

const fn html(status: u16, body: &'static str) -> Answer {
    Answer {
        status,
        content_type: "text/html",
        body,
    }
}

const fn form(body: &'static str) -> Answer {
    Answer {
        status: 200,
        content_type: "application/x-www-form-urlencoded; charset=utf-8",
        body,
    }
}

const fn tokens(access_token: &'static str, refresh_token: &'static str) -> Tokens {
    Tokens {
        access_token,
        refresh_token: Some(refresh_token),
        token_type: "Bearer",
        lifetime: Some(3600),
        scopes: &["b", "c"],
        extras: &[],
    }
}

const REFRESH: &[(&str, &str)] = &[("grant_type", "refresh_token"), ("refresh_token", "r1")];

/// A provider that keeps to the standards.
const GENERIC: ProfileCases = ProfileCases {
    profile: "generic",
    public: true,
    authorization: &[("scope", "b c")],
    pkce: true,
    authentication: "basic",
    userinfo: r#"{"sub":"7","name":"Ann"}"#,
    code_exchange: (
        json(
            200,
            r#"{"access_token":"a1","token_type":"Bearer","expires_in":3600,"refresh_token":"r1","scope":"b c"}"#,
        ),
        tokens("a1", "r1"),
    ),
    code_refused: (json(400, r#"{"error":"invalid_grant"}"#), CodeRefusal::Code),
    refresh_request: REFRESH,
    refresh: (
        json(
            200,
            r#"{"access_token":"a2","token_type":"Bearer","expires_in":3600,"refresh_token":"r2"}"#,
        ),
        tokens("a2", "r2"),
    ),
    other_refresh: (
        json(
            200,
            r#"{"access_token":"a2","token_type":"Bearer","expires_in":3600}"#,
        ),
        tokens("a2", "r1"),
    ),
    odd_refresh: (
        json(
            200,
            r#"{"access_token":"a2","token_type":"BEARER","expires_in":"60.0","scope":["b"],"refresh_token":"r1"}"#,
        ),
        Tokens {
            token_type: "BEARER",
            lifetime: Some(60),
            scopes: &["b"],
            ..tokens("a2", "r1")
        },
    ),
    dead: &[
        json(400, r#"{"error":"invalid_grant"}"#),
        json(401, r#"{"error":"invalid_token"}"#),
        json(400, r#"{"error":"invalid_request"}"#),
        json(400, ""),
    ],
    misconfigured: json(401, r#"{"error":"invalid_client"}"#),
    rate_limited: json(429, r#"{"error":"slow_down"}"#),
    outage: html(503, "<h1>Service Unavailable</h1>"),
    unknown_outcome: html(502, "<h1>Bad Gateway</h1>"),
    revocation: Revocation {
        method: "POST",
        authorization: "",
        body: "token=r1&token_type_hint=refresh_token",
    },
};

/// The cases of all profiles.
pub const ALL: &[ProfileCases] = &[
    GENERIC,
    openid::APPLE,
    openid::AUTH0,
    openid::AUTHELIA,
    openid::COGNITO,
    oauth::DROPBOX,
    openid::ENTRA,
    oauth::FACEBOOK,
    oauth::FITBIT,
    oauth::GITHUB,
    openid::GITLAB,
    openid::GOOGLE,
    openid::KEYCLOAK,
    oauth::LINKEDIN,
    openid::OKTA,
    oauth::SALESFORCE,
    oauth::SLACK,
    oauth::X,
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

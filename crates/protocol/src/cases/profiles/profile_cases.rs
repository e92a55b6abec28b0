//! What the cases of a profile consist of, and those of a provider that keeps to
//! the standards.

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

pub(super) const fn json(status: u16, body: &'static str) -> Answer {
    Answer {
        status,
        content_type: "application/json",
        body,
    }
}

pub(super) const fn html(status: u16, body: &'static str) -> Answer {
    Answer {
        status,
        content_type: "text/html",
        body,
    }
}

pub(super) const fn form(body: &'static str) -> Answer {
    Answer {
        status: 200,
        content_type: "application/x-www-form-urlencoded; charset=utf-8",
        body,
    }
}

pub(super) const fn tokens(access_token: &'static str, refresh_token: &'static str) -> Tokens {
    Tokens {
        access_token,
        refresh_token: Some(refresh_token),
        token_type: "Bearer",
        lifetime: Some(3600),
        scopes: &["b", "c"],
        extras: &[],
    }
}

pub(super) const REFRESH: &[(&str, &str)] =
    &[("grant_type", "refresh_token"), ("refresh_token", "r1")];

/// A provider that keeps to the standards.
pub(super) const GENERIC: ProfileCases = ProfileCases {
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

//! What a token request did to the grant (RFC 6749, section 5).

use crate::{
    provider_profile::ProviderProfile,
    token_error::{TokenErrorRules, error_code},
    token_response::{RawResponse, TokenResponse},
};
use serde_json::Value;
use std::time::Duration;

/// The class of a token response, or of its absence.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The provider issued a token.
    Success(Box<TokenResponse>),
    /// The provider no longer honours the authorization code or the refresh
    /// token; its error code. It concerns one grant and says nothing about the
    /// provider's health.
    Dead(String),
    /// The provider refuses the client; its error code. The operator has to
    /// act.
    Misconfigured(String),
    /// The provider refuses what this one request asked for; its error code.
    /// It concerns neither the grant nor the provider's health.
    RequestRefused(String),
    /// The request was certainly not processed and may be sent again.
    Transient {
        /// How long the provider wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// The same, because this grant has asked too often. It says nothing about
    /// other grants.
    RateLimited {
        /// How long the provider wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// The request may have been processed, and the refresh token spent.
    Ambiguous(Ambiguity),
}

/// Why an outcome is ambiguous.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ambiguity {
    /// The request was sent, and no response came.
    NoResponse,
    /// No response came within the client's limit.
    TimedOut,
    /// The response ended early.
    CutShort,
    /// The response is not a token response: a page, or something else.
    Unreadable,
    /// A gateway's error, behind which a successful response may have been
    /// lost; its status.
    ServerError(u16),
    /// The process that sent the request is gone.
    Abandoned,
}

/// What the token request presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRequest {
    /// An authorization code (RFC 6749, section 4.1.3).
    AuthorizationCode,
    /// A refresh token (section 6).
    RefreshToken {
        /// Whether the request asked for a `scope` or `resource` of its own.
        narrowed: bool,
    },
}

impl Outcome {
    /// Returns its name in logs and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Success(_) => "success",
            Self::Dead(_) => "dead",
            Self::Misconfigured(_) => "misconfigured",
            Self::RequestRefused(_) => "request_refused",
            Self::Transient { .. } => "transient",
            Self::RateLimited { .. } => "rate_limited",
            Self::Ambiguous(_) => "ambiguous",
        }
    }
}

/// Classifies a response of the token endpoint of a provider with this profile.
pub fn classify(
    response: &RawResponse<'_>,
    request: TokenRequest,
    profile: &ProviderProfile,
) -> Outcome {
    let rules = &profile.token_errors;
    let fields = response.fields();
    let error = fields.as_ref().and_then(error_code);
    let description = fields
        .as_ref()
        .and_then(|fields| fields.get("error_description"))
        .and_then(Value::as_str)
        .unwrap_or_default();
    let code = error.as_deref();
    let retry_after = response.retry_after;
    if rules.busy_statuses.contains(&response.status) {
        return Outcome::Transient { retry_after };
    }
    if is_rate_limited(response.status, code, description, rules) {
        return Outcome::RateLimited { retry_after };
    }
    if code.is_some_and(|code| contains(&rules.busy, code)) {
        return Outcome::Transient { retry_after };
    }
    if response.status >= 500 {
        return Outcome::Ambiguous(Ambiguity::ServerError(response.status));
    }
    if code.is_some_and(|code| contains(&rules.ambiguous, code)) {
        return Outcome::Ambiguous(Ambiguity::ServerError(response.status));
    }
    let token = fields.and_then(|fields| TokenResponse::from_fields(fields, profile));
    match (error, token) {
        (Some(error), _) => refused(response, Some(error), request, rules),
        (None, Some(token)) if response.is_success() => Outcome::Success(Box::new(token)),
        // A token may have been issued all the same.
        (None, _) if response.is_success() => Outcome::Ambiguous(Ambiguity::Unreadable),
        (None, _) => refused(response, None, request, rules),
    }
}

fn is_rate_limited(
    status: u16,
    code: Option<&str>,
    description: &str,
    rules: &TokenErrorRules,
) -> bool {
    let description = description.to_ascii_lowercase();
    let mut parts = rules.rate_limited_descriptions.iter();
    rules.rate_limited_statuses.contains(&status)
        || code.is_some_and(|code| {
            contains(&rules.rate_limited, code) || parts.any(|part| description.contains(part))
        })
}

fn contains(codes: &[String], code: &str) -> bool {
    codes.iter().any(|known| known == code)
}

/// Classifies a refusal. Without an error code the status has to do.
fn refused(
    response: &RawResponse<'_>,
    code: Option<String>,
    request: TokenRequest,
    rules: &TokenErrorRules,
) -> Outcome {
    let is_one_of = |codes: &[String]| code.as_deref().is_some_and(|code| contains(codes, code));
    let is_empty_400 = response.status == 400 && response.body.trim_ascii().is_empty();
    let is_vague = is_one_of(&rules.vague) || (code.is_none() && is_empty_400);
    let class = match request {
        _ if is_one_of(&rules.dead) => Outcome::Dead,
        _ if is_one_of(&rules.misconfigured) => Outcome::Misconfigured,
        TokenRequest::RefreshToken { narrowed: true } if !response.is_redirect() => {
            Outcome::RequestRefused
        }
        // A plain refresh contains nothing but the refresh token, so a provider
        // that finds fault with the request means the token.
        TokenRequest::RefreshToken { narrowed: false } if is_vague && rules.vague_is_dead => {
            Outcome::Dead
        }
        _ => Outcome::Misconfigured,
    };
    class(code.unwrap_or_else(|| format!("status {}", response.status)))
}

impl RawResponse<'_> {
    fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    fn is_redirect(&self) -> bool {
        (300..400).contains(&self.status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::token_outcome::{CASES, STANDARD_CASES, TokenOutcomeCase};

    fn outcome(case: &TokenOutcomeCase, rules: TokenErrorRules) -> Outcome {
        let profile = ProviderProfile {
            token_errors: rules,
            ..ProviderProfile::generic()
        };
        let response = RawResponse {
            status: case.status,
            content_type: case.content_type,
            body: case.body.as_bytes(),
            retry_after: Some(Duration::from_secs(7)),
        };
        classify(&response, case.request, &profile)
    }

    #[test]
    fn every_response_of_the_contract_has_its_class() {
        for case in CASES {
            let found = outcome(case, TokenErrorRules::lenient());
            assert_eq!(found.name(), case.outcome, "{case:?}: {found:?}");
        }
    }

    #[test]
    fn a_provider_that_keeps_to_the_standard_is_taken_at_its_word() {
        for case in STANDARD_CASES {
            let found = outcome(case, TokenErrorRules::standard());
            assert_eq!(found.name(), case.outcome, "{case:?}: {found:?}");
        }
    }

    #[test]
    fn the_provider_says_how_long_it_wants_to_be_left_alone() {
        let retry_after = Some(Duration::from_secs(7));
        for case in CASES {
            let found = outcome(case, TokenErrorRules::lenient());
            match case.outcome {
                "transient" => assert_eq!(found, Outcome::Transient { retry_after }),
                "rate_limited" => assert_eq!(found, Outcome::RateLimited { retry_after }),
                _ => {}
            }
        }
    }
}

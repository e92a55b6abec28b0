//! Authorization requests.

use super::rejection::{AuthorizationError, ClientRejection, PageRejection, Rejection};
use crate::{
    config::Client,
    dpop::key::Thumbprint,
    oauth::{
        parameters::Parameters,
        pkce::Challenge,
        scope::{OFFLINE_ACCESS, Scope},
    },
    policy::OfflineAccess,
    provider::Provider,
};

/// A valid authorization request.
#[derive(Clone, Debug)]
pub(crate) struct AuthorizationRequest<'a> {
    pub(crate) client: &'a Client,
    pub(crate) redirect_uri: String,
    pub(crate) scope: Scope,
    pub(crate) state: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Challenge,
    /// The key that the code will be bound to (RFC 9449 section 10).
    pub(crate) key: Option<Thumbprint>,
    pub(crate) prompt: Prompt,
    /// The longest acceptable time since the user entered the password, in
    /// seconds.
    pub(crate) max_age: Option<u64>,
    pub(crate) login_hint: Option<String>,
    /// How the client obtains a refresh token at present.
    pub(crate) offline: OfflineAccess,
    /// Whether the request has `access_type=offline`, as at Google.
    pub(crate) requests_offline_access: bool,
    parameters: Parameters,
}

/// The values of the `prompt` parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prompt {
    /// The provider must not show a page.
    pub(crate) none: bool,
    /// The user must sign in, again or as another user.
    pub(crate) login: bool,
    /// The provider must show the consent page.
    pub(crate) consent: bool,
}

type ParameterError = (AuthorizationError, &'static str);

impl<'a> AuthorizationRequest<'a> {
    /// Parses the query of an authorization request. Ignores unknown
    /// parameters and rejects repeated ones (RFC 6749 section 3.1).
    pub(crate) fn parse(query: &str, provider: &'a Provider) -> Result<Self, Rejection> {
        let parameters = Parameters::parse(query.as_bytes());
        let page = Rejection::Page;
        let id = parameters.get("client_id");
        let id = id.ok_or(page(PageRejection::NoClient))?;
        let client = provider.config().client(id);
        let client = client.ok_or(page(PageRejection::UnknownClient))?;
        let redirect_uri = parameters.get("redirect_uri");
        let redirect_uri = redirect_uri.ok_or(page(PageRejection::NoRedirectUri))?;
        // Compare exact strings: looser comparisons have led to
        // vulnerabilities (RFC 9700 section 4.1).
        if !client.redirect_uris.iter().any(|own| own == redirect_uri) {
            return Err(page(PageRejection::UnknownRedirectUri));
        }
        let redirect_uri = redirect_uri.to_owned();
        let state = parameters.get("state").map(str::to_owned);
        let offline = provider.policy(client).offline;
        Self::parse_parameters(client, offline, &redirect_uri, &state, parameters).map_err(
            |(error, description)| {
                Rejection::Client(ClientRejection {
                    redirect_uri,
                    state,
                    error,
                    description,
                })
            },
        )
    }

    fn parse_parameters(
        client: &'a Client,
        offline: OfflineAccess,
        redirect_uri: &str,
        state: &Option<String>,
        parameters: Parameters,
    ) -> Result<Self, ParameterError> {
        use AuthorizationError as Error;
        if parameters.has_repeated() {
            return Err((Error::InvalidRequest, "A parameter is repeated."));
        }
        let own = |name: &str| parameters.get(name).map(str::to_owned);
        match parameters.get("response_type") {
            Some("code") => {}
            None => return Err((Error::InvalidRequest, "response_type is missing.")),
            Some(_) => {
                let description = "The only response_type is code: the implicit grant is refused.";
                return Err((Error::UnsupportedResponseType, description));
            }
        }
        if !matches!(parameters.get("response_mode"), None | Some("query")) {
            return Err((Error::InvalidRequest, "The only response_mode is query."));
        }
        if parameters.get("request").is_some() {
            let description = "Request objects are not supported.";
            return Err((Error::RequestNotSupported, description));
        }
        if parameters.get("request_uri").is_some() {
            let description = "request_uri is not supported.";
            return Err((Error::RequestUriNotSupported, description));
        }
        Ok(Self {
            client,
            offline,
            redirect_uri: redirect_uri.to_owned(),
            scope: scope(offline, &parameters)?,
            state: state.clone(),
            nonce: own("nonce"),
            challenge: challenge(&parameters)?,
            key: key(&parameters)?,
            prompt: prompt(&parameters)?,
            max_age: max_age(&parameters)?,
            login_hint: own("login_hint"),
            requests_offline_access: parameters.get("access_type") == Some("offline"),
            parameters,
        })
    }

    /// Returns whether the client requests a refresh token by `access_type`
    /// instead of a scope.
    pub(crate) fn requests_offline_by_parameter(&self) -> bool {
        self.offline == OfflineAccess::AccessType && self.requests_offline_access
    }

    /// Returns the query that continues the request after a sign-in. It has no
    /// parameter that would require another sign-in.
    pub(crate) fn after_sign_in(&self) -> String {
        let prompt = if self.prompt.consent { "consent" } else { "" };
        self.parameters
            .with("prompt", Some(prompt))
            .with("max_age", None)
            .with("login_hint", None)
            .to_query()
    }

    /// Returns the query that lets another user sign in.
    pub(crate) fn for_another_user(&self) -> String {
        let prompt = if self.prompt.consent {
            "login consent"
        } else {
            "login"
        };
        self.parameters
            .with("prompt", Some(prompt))
            .with("login_hint", None)
            .to_query()
    }

    /// Returns the query of the request.
    pub(crate) fn to_query(&self) -> String {
        self.parameters.to_query()
    }

    /// Returns an error response to the client.
    pub(crate) fn reject(
        &self,
        error: AuthorizationError,
        description: &'static str,
    ) -> ClientRejection {
        ClientRejection {
            redirect_uri: self.redirect_uri.clone(),
            state: self.state.clone(),
            error,
            description,
        }
    }
}

fn scope(offline: OfflineAccess, parameters: &Parameters) -> Result<Scope, ParameterError> {
    let scope = Scope::parse(parameters.get("scope").unwrap_or_default()).supported_only();
    let scope = match offline {
        OfflineAccess::Scope => scope,
        _ => scope.without(OFFLINE_ACCESS),
    };
    if scope.is_empty() {
        let description = "scope names nothing that this provider supports.";
        return Err((AuthorizationError::InvalidScope, description));
    }
    Ok(scope)
}

/// Requires PKCE of every client (RFC 9700 section 2.1.1). A missing method
/// means `plain` (RFC 7636 section 4.3), which does not protect against an
/// attacker who sees the request.
fn challenge(parameters: &Parameters) -> Result<Challenge, ParameterError> {
    let rejected = |description| (AuthorizationError::InvalidRequest, description);
    let challenge = parameters.get("code_challenge");
    let challenge = challenge.ok_or(rejected("PKCE is required: code_challenge is missing."))?;
    if parameters.get("code_challenge_method") != Some("S256") {
        return Err(rejected("The only code_challenge_method is S256."));
    }
    let challenge = Challenge::parse(challenge);
    challenge.ok_or(rejected(
        "code_challenge is not a SHA-256 digest in base64url.",
    ))
}

fn key(parameters: &Parameters) -> Result<Option<Thumbprint>, ParameterError> {
    let key = parameters.get("dpop_jkt").map(Thumbprint::parse);
    let description = "dpop_jkt is not the SHA-256 thumbprint of a key.";
    let rejected = (AuthorizationError::InvalidRequest, description);
    key.map(|key| key.ok_or(rejected)).transpose()
}

fn prompt(parameters: &Parameters) -> Result<Prompt, ParameterError> {
    let rejected = |description| (AuthorizationError::InvalidRequest, description);
    let mut prompt = Prompt::default();
    for value in parameters.get("prompt").unwrap_or_default().split(' ') {
        match value {
            "" => {}
            "none" => prompt.none = true,
            "login" | "select_account" => prompt.login = true,
            "consent" => prompt.consent = true,
            _ => return Err(rejected("prompt has an unknown value.")),
        }
    }
    if prompt.none && (prompt.login || prompt.consent) {
        return Err(rejected("prompt=none excludes other values."));
    }
    Ok(prompt)
}

fn max_age(parameters: &Parameters) -> Result<Option<u64>, ParameterError> {
    let seconds = parameters.get("max_age").map(str::parse).transpose();
    let description = "max_age must be a number of seconds.";
    seconds.map_err(|_| (AuthorizationError::InvalidRequest, description))
}

//! Reading an authorization request.

use crate::{
    config::Client,
    dpop::key::Thumbprint,
    oauth::{
        parameters::Parameters,
        scope::{OFFLINE_ACCESS, Scope},
    },
    policy::OfflineAccess,
    provider::Provider,
    token::pkce::Challenge,
};

/// A request that was found good.
#[derive(Clone, Debug)]
pub(crate) struct AuthorizationRequest<'a> {
    pub(crate) client: &'a Client,
    pub(crate) redirect_uri: String,
    pub(crate) scope: Scope,
    pub(crate) state: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Challenge,
    /// The key that the code is to be bound to (RFC 9449 section 10).
    pub(crate) key: Option<Thumbprint>,
    pub(crate) prompt: Prompt,
    /// The longest time since the password was entered, in seconds.
    pub(crate) max_age: Option<u64>,
    pub(crate) login_hint: Option<String>,
    /// What gives the client a refresh token at present.
    pub(crate) offline: OfflineAccess,
    /// `access_type=offline`, as Google has it.
    pub(crate) requests_offline_access: bool,
    parameters: Parameters,
}

/// What the `prompt` parameter asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prompt {
    /// No page may be shown.
    pub(crate) none: bool,
    /// The person has to sign in (again, or as somebody else).
    pub(crate) login: bool,
    /// The consent page has to be shown.
    pub(crate) consent: bool,
}

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Rejection {
    /// On a page of the provider's own: there is no address that an answer
    /// may go to, and anything else would be an open redirector.
    Page(PageRejection),
    /// To the client, as RFC 6749 section 4.1.2.1 has it.
    Client(ClientRejection),
}

/// What is wrong with the address for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageRejection {
    NoClient,
    UnknownClient,
    NoRedirectUri,
    UnknownRedirectUri,
}

/// An error for the client, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClientRejection {
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) error: AuthorizationError,
    pub(crate) description: &'static str,
}

/// The error codes of RFC 6749 section 4.1.2.1 and OpenID Connect Core
/// section 3.1.2.6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AuthorizationError {
    InvalidRequest,
    UnsupportedResponseType,
    InvalidScope,
    AccessDenied,
    LoginRequired,
    ConsentRequired,
    RequestNotSupported,
    RequestUriNotSupported,
}

impl AuthorizationError {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied => "access_denied",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
        }
    }
}

type ParameterError = (AuthorizationError, &'static str);

impl<'a> AuthorizationRequest<'a> {
    /// Reads the query of an authorization request. Unknown parameters are
    /// ignored, repeated ones refused (RFC 6749 section 3.1).
    pub(crate) fn read(query: &str, provider: &'a Provider) -> Result<Self, Rejection> {
        let parameters = Parameters::parse(query.as_bytes());
        let page = Rejection::Page;
        let id = parameters.get("client_id");
        let id = id.ok_or(page(PageRejection::NoClient))?;
        let client = provider.config().client(id);
        let client = client.ok_or(page(PageRejection::UnknownClient))?;
        let redirect_uri = parameters.get("redirect_uri");
        let redirect_uri = redirect_uri.ok_or(page(PageRejection::NoRedirectUri))?;
        // Exactly, as strings: any cleverer comparison was once a hole
        // (RFC 9700 section 4.1).
        if !client.redirect_uris.iter().any(|own| own == redirect_uri) {
            return Err(page(PageRejection::UnknownRedirectUri));
        }
        let redirect_uri = redirect_uri.to_owned();
        let state = parameters.get("state").map(str::to_owned);
        let offline = provider.policy(client).offline;
        Self::read_parameters(client, offline, &redirect_uri, &state, parameters).map_err(
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

    fn read_parameters(
        client: &'a Client,
        offline: OfflineAccess,
        redirect_uri: &str,
        state: &Option<String>,
        parameters: Parameters,
    ) -> Result<Self, ParameterError> {
        use AuthorizationError as Error;
        if parameters.repeated().is_some() {
            return Err((
                Error::InvalidRequest,
                "A parameter is there more than once.",
            ));
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
            return Err((Error::RequestNotSupported, "Request objects are not read."));
        }
        if parameters.get("request_uri").is_some() {
            return Err((Error::RequestUriNotSupported, "request_uri is not read."));
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

    /// The request as a query, for the address that continues it after a
    /// sign-in: what asked for the sign-in is gone, or it would be asked for
    /// again and again.
    pub(crate) fn after_sign_in(&self) -> String {
        let prompt = if self.prompt.consent { "consent" } else { "" };
        self.parameters
            .with("prompt", Some(prompt))
            .with("max_age", None)
            .with("login_hint", None)
            .to_query()
    }

    /// The request as a query that lets somebody else sign in.
    pub(crate) fn for_another_user(&self) -> String {
        let prompt = match self.prompt.consent {
            true => "login consent",
            false => "login",
        };
        self.parameters
            .with("prompt", Some(prompt))
            .with("login_hint", None)
            .to_query()
    }

    /// The request as it was, as a query.
    pub(crate) fn to_query(&self) -> String {
        self.parameters.to_query()
    }

    /// The error `error` for this request's client.
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
    let scope = Scope::parse(parameters.get("scope").unwrap_or_default()).known_only();
    let scope = match offline {
        OfflineAccess::Scope => scope,
        _ => scope.without(OFFLINE_ACCESS),
    };
    if scope.is_empty() {
        let description = "scope names nothing that this provider knows.";
        return Err((AuthorizationError::InvalidScope, description));
    }
    Ok(scope)
}

/// PKCE is asked of every client (RFC 9700 section 2.1.1), and a missing
/// method means `plain` (RFC 7636 section 4.3), which protects nothing that
/// TLS does not protect already.
fn challenge(parameters: &Parameters) -> Result<Challenge, ParameterError> {
    let refused = |description| (AuthorizationError::InvalidRequest, description);
    let challenge = parameters.get("code_challenge");
    let challenge = challenge.ok_or(refused("PKCE is required: code_challenge is missing."))?;
    if parameters.get("code_challenge_method") != Some("S256") {
        return Err(refused("The only code_challenge_method is S256."));
    }
    let challenge = Challenge::parse(challenge);
    challenge.ok_or(refused("code_challenge is not what S256 makes."))
}

fn key(parameters: &Parameters) -> Result<Option<Thumbprint>, ParameterError> {
    let key = parameters.get("dpop_jkt").map(Thumbprint::parse);
    let description = "dpop_jkt is no SHA-256 thumbprint of a key.";
    let refused = (AuthorizationError::InvalidRequest, description);
    key.map(|key| key.ok_or(refused)).transpose()
}

fn prompt(parameters: &Parameters) -> Result<Prompt, ParameterError> {
    let refused = |description| (AuthorizationError::InvalidRequest, description);
    let mut prompt = Prompt::default();
    for value in parameters.get("prompt").unwrap_or_default().split(' ') {
        match value {
            "" => {}
            "none" => prompt.none = true,
            "login" | "select_account" => prompt.login = true,
            "consent" => prompt.consent = true,
            _ => return Err(refused("prompt has an unknown value.")),
        }
    }
    if prompt.none && (prompt.login || prompt.consent) {
        return Err(refused("prompt=none stands alone."));
    }
    Ok(prompt)
}

fn max_age(parameters: &Parameters) -> Result<Option<u64>, ParameterError> {
    let seconds = parameters.get("max_age").map(str::parse).transpose();
    let description = "max_age is a number of seconds.";
    seconds.map_err(|_| (AuthorizationError::InvalidRequest, description))
}

//! A confidential client of one provider, and its users.

use super::provider::{Recorded, Script, ScriptedProvider};
use confidant_bff::{
    AuthorizationResponse, Bff, BffError, LoginRequest, Provider, Secret, Session,
    settings::{FixedEndpoints, ProviderProfile, TokenValidation},
};
use confidant_protocol::cases::profiles::{Answer, ProfileCases, Tokens};
use confidant_wire::TokenView;
use http::{HeaderMap, HeaderValue, header::COOKIE};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use tempfile::TempDir;
use url::Url;

pub(crate) const CLIENT_ID: &str = "web";
pub(crate) const CLIENT_SECRET: &str = "a+secret";

/// A provider and a client of it.
pub(crate) struct World {
    pub(crate) cases: ProfileCases,
    pub(crate) profile: ProviderProfile,
    pub(crate) provider: ScriptedProvider,
    bff: Bff,
    title: Mutex<String>,
    _folder: TempDir,
}

/// A user who is signed in.
pub(crate) struct User {
    headers: HeaderMap,
    pub(crate) session: Session,
}

impl World {
    /// Starts a provider with this profile at fixed addresses.
    pub(crate) async fn start(cases: &ProfileCases) -> Self {
        let mut profile = ProviderProfile::by_id(cases.profile).unwrap();
        let provider = start_provider(cases).await;
        let at = |path: &str| Url::parse(&format!("{}{path}", provider.url)).unwrap();
        if let TokenValidation::Tokeninfo(address) = &mut profile.validation {
            *address = at("/tokeninfo").into();
        }
        let settings = Provider::with_endpoints(
            "p",
            FixedEndpoints {
                issuer: None,
                authorization_endpoint: at("/authorize"),
                token_endpoint: at("/token"),
                userinfo_endpoint: Some(at("/userinfo")),
                introspection_endpoint: Some(at("/introspect")),
                revocation_endpoint: Some(at("/revoke/{client_id}")),
                end_session_endpoint: None,
                jwks_uri: None,
            },
        );
        Self::with(
            cases,
            provider,
            settings.profile(cases.profile).custom_profile(profile),
        )
        .await
    }

    /// Starts a client of this provider.
    pub(crate) async fn with(
        cases: &ProfileCases,
        provider: ScriptedProvider,
        settings: Provider,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("sessions.db");
        let bff = Bff::builder("http://localhost:3000")
            .provider(
                settings
                    .client(CLIENT_ID, Secret::new(CLIENT_SECRET))
                    .scopes(["b", "c"]),
            )
            .store(&format!("sqlite:{}", store.display()))
            .create_key_file(folder.path().join("keys"))
            .build()
            .await
            .unwrap();
        Self {
            cases: *cases,
            profile: ProviderProfile::by_id(cases.profile).unwrap(),
            provider,
            bff,
            title: Mutex::default(),
            _folder: folder,
        }
    }

    /// Names the case whose checks follow.
    pub(crate) fn start_case(&self, title: &str) {
        let mut current = self.title.lock().unwrap_or_else(PoisonError::into_inner);
        *current = format!("{}: {title}", self.cases.profile);
        self.provider.script().requests.clear();
    }

    /// Returns the name of the profile and of the case.
    pub(crate) fn title(&self) -> String {
        let title = self.title.lock();
        title.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers token requests with this from now on.
    pub(crate) fn answer(&self, answer: Answer) {
        self.provider.script().token = answer;
    }

    /// Starts a sign-in. Returns the browser's headers and the parameters of the
    /// authorization request.
    pub(crate) async fn authorize(&self) -> (HeaderMap, HashMap<String, String>) {
        let started = self
            .bff
            .start_login(&HeaderMap::new(), LoginRequest::default())
            .await
            .unwrap();
        let url = Url::parse(&started.body.authorization_url).unwrap();
        (
            headers(&started.cookies),
            url.query_pairs().into_owned().collect(),
        )
    }

    /// Signs a user in, whose code exchange is answered with this.
    pub(crate) async fn sign_in_with(&self, answer: Answer) -> Result<User, BffError> {
        self.answer(answer);
        let (headers_before, parameters) = self.authorize().await;
        let response = AuthorizationResponse {
            code: Some("code".into()),
            state: Some(parameters["state"].clone()),
            ..AuthorizationResponse::default()
        };
        let finished = self.bff.finish_login(&headers_before, response).await?;
        let headers = headers(&finished.cookies);
        let session = self.bff.session(&headers).await?.unwrap();
        Ok(User { headers, session })
    }

    /// Signs a user in with the profile's usual answer.
    pub(crate) async fn sign_in(&self) -> User {
        let user = self.sign_in_with(self.cases.code_exchange.0).await;
        user.unwrap_or_else(|error| panic!("{}: {error:?}", self.title()))
    }

    /// Refreshes with this answer.
    pub(crate) async fn refresh(&self, user: &User, answer: Answer) -> Result<TokenView, BffError> {
        self.answer(answer);
        user.session.refresh().await
    }

    /// Whether the user is still signed in.
    pub(crate) async fn is_signed_in(&self, user: &User) -> bool {
        let view = self.bff.session_view(&user.headers).await;
        view.unwrap().signed_in
    }

    /// Signs the user out. Returns whether the provider confirmed the
    /// revocation.
    pub(crate) async fn sign_out(&self, user: &User) -> bool {
        self.bff.logout(&user.headers).await.body.unwrap().revoked
    }

    /// Returns the only token request since the last call.
    pub(crate) fn token_request(&self) -> Recorded {
        let mut requests = self.provider.take_requests("/token");
        assert_eq!(requests.len(), 1, "{}: {requests:?}", self.title());
        requests.remove(0)
    }

    /// Checks that the user has these tokens: what is shown, what is sent, and
    /// what the next refresh presents.
    pub(crate) async fn assert_tokens(&self, user: &User, expected: &Tokens) {
        let title = self.title();
        let view = user.session.token_view().await.unwrap();
        assert_eq!(view.token_type, expected.token_type, "{title}");
        assert_eq!(view.scopes, expected.scopes, "{title}");
        let lifetime = view.expires_at.map(|end| (end - view.obtained_at) / 1000);
        assert_eq!(lifetime, expected.lifetime, "{title}");
        let extras: Vec<_> = view.extras.keys().map(String::as_str).collect();
        assert_eq!(extras, expected.extras, "{title}");
        let token = user.session.access_token().await.unwrap();
        assert_eq!(token.secret, expected.access_token, "{title}");
        self.provider.take_requests("/token");
        self.refresh(user, self.cases.refresh.0).await.unwrap();
        let form = self.token_request().form();
        let presented = form
            .get("refresh_token")
            .or_else(|| form.get("fb_exchange_token"));
        assert_eq!(
            presented.map(String::as_str),
            expected.refresh_token,
            "{title}"
        );
    }
}

/// Starts a provider that answers as in these cases.
pub(crate) async fn start_provider(cases: &ProfileCases) -> ScriptedProvider {
    let userinfo = Answer {
        status: 200,
        content_type: "application/json",
        body: cases.userinfo,
    };
    ScriptedProvider::start(Script {
        token: cases.code_exchange.0,
        userinfo,
        metadata: String::new(),
        requests: Vec::new(),
    })
    .await
}

/// Returns the headers of a browser that has these cookies.
fn headers(set: &[HeaderValue]) -> HeaderMap {
    let pairs: Vec<_> = set
        .iter()
        .map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap())
        .filter(|pair| !pair.ends_with('='))
        .collect();
    let mut headers = HeaderMap::new();
    headers.insert(COOKIE, pairs.join("; ").parse().unwrap());
    headers
}

//! The configuration of a deployment, and the file that the servers read it from.

use std::{fmt::Write as _, net::SocketAddr};

/// The environment variable from which the processes read the client secret.
pub(super) const SECRET_VARIABLE: &str = "DEMO_CLIENT_SECRET";

/// The client secret. Each deployment has a provider of its own, so it protects
/// nothing.
pub const CLIENT_SECRET: &str = "secret-of-the-test-deployment";

/// How a deployment differs from the default.
#[derive(Clone, Debug)]
pub struct DeploymentConfig {
    /// The URL of the store. `None`: a SQLite file in the deployment's folder.
    pub store: Option<String>,
    /// The profile under which the client knows the provider.
    pub profile: &'static str,
    /// How long the client assumes a replaced refresh token to stay valid.
    pub grace: Option<&'static str>,
    /// How long a token request may take.
    pub deadline: &'static str,
    /// The lifetime of access tokens in seconds.
    pub access_token_seconds: u64,
    /// The base URL of the API. `None`: the provider's own API.
    pub upstream: Option<String>,
    /// Whether the servers run in demo mode, with the exchange log.
    pub demo: bool,
}

impl Default for DeploymentConfig {
    fn default() -> Self {
        Self {
            store: None,
            profile: "generic",
            grace: None,
            deadline: "5s",
            access_token_seconds: 3600,
            upstream: None,
            demo: false,
        }
    }
}

impl DeploymentConfig {
    /// Returns the configuration file of the servers.
    pub(super) fn to_toml(&self, public_url: &str, provider: SocketAddr) -> String {
        let store = self.store.as_deref().unwrap_or("sqlite:confidant.db");
        let provider_api = format!("http://{provider}/api");
        let upstream = self.upstream.as_deref().unwrap_or(&provider_api);
        let mut text = format!(
            r#"public_url = "{public_url}"
store = "{store}"
key_file = "confidant.keys"
demo = {}

# Many users share one address here, and a session may send a thousand requests at once.
[limits]
requests_per_session = 0
sign_ins = 0

[refresh]
deadline = "{}"

[[providers]]
id = "demo"
profile = "{}"
issuer = "http://{provider}"
client_id = "confidant-web"
client_secret = {{ env = "{}" }}
scopes = ["openid", "profile", "email", "offline_access"]
authorize_params = {{ prompt = "consent" }}
"#,
            self.demo, self.deadline, self.profile, SECRET_VARIABLE,
        );
        if let Some(grace) = self.grace {
            let _ = writeln!(text, "grace = \"{grace}\"");
        }
        let _ = write!(
            text,
            r#"
[[apis]]
id = "demo"
provider = "demo"
upstream = "{upstream}"
routes = ["GET /*", "POST /*"]
"#
        );
        if self.demo {
            text.insert_str(0, "demo_provider = \"external\"\n");
        }
        text
    }
}

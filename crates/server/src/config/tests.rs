mod apis;
#[cfg(feature = "demo")]
mod demo;
mod errors;
mod limits;
mod profiles;
mod providers;
mod secrets;
#[cfg(not(feature = "demo"))]
mod without_demo;

use super::*;
use confidant_bff::settings::Secret;

const SMALL: &str = r#"
public_url = "https://app.example"
key_file = "keys"

[[providers]]
id = "my-idp"
issuer = "https://idp.example"
client_id = "web"
client_secret = { env = "IDP_SECRET" }
"#;

fn generated() -> Secret {
    Secret::new("generated")
}

fn load(text: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
    let environment = [("IDP_SECRET", "hush"), ("GOOGLE_CLIENT_SECRET", "hush")]
        .iter()
        .chain(variables)
        .copied()
        .collect();
    Config::parse("c.toml", text, &environment, &generated).map_err(|error| error.to_string())
}

fn refusal(text: &str, variables: &[(&str, &str)]) -> String {
    load(text, variables).map(|_| ()).unwrap_err()
}

fn assert_refusal(found: &str, expected: &str) {
    assert_eq!(found, expected.trim(), "found:\n{found}");
}

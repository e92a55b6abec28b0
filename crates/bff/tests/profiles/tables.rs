//! The tables of the documentation: they say what the cases prove.

use confidant_bff::{
    Reuse,
    settings::{ClientAuthentication, ProfileEndpoints, ProviderProfile, RefreshGrant},
};
use confidant_protocol::{
    cases::profiles::{ALL, Answer, CONFIDENTIAL, PUBLIC, ProfileCases},
    token_error::error_code,
    token_response::RawResponse,
};

const README: &str = include_str!("../../../../README.md");
const OVERVIEW: &str = include_str!("../../docs/providers/README.md");

#[test]
fn the_readme_shows_what_differs() {
    let mut table = String::from(
        "| profile | address | client authentication | answer to a refresh | a used one is presented | \
         a dead one is | pages | cases, all passed |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for cases in ALL {
        table.push_str(&difference(cases));
    }
    assert!(README.contains(&table), "README.md lacks:\n{table}");
}

#[test]
fn the_overview_shows_every_case() {
    let mut table = String::from("| case |");
    for cases in ALL {
        table.push_str(&format!(" {} |", cases.profile));
    }
    table.push_str("\n| --- |");
    table.push_str(&" --- |".repeat(ALL.len()));
    for title in CONFIDENTIAL {
        table.push_str(&format!("\n| {title} |"));
        for cases in ALL {
            let is_public = cases.public && PUBLIC.contains(title);
            table.push_str(if is_public { " C P |" } else { " C |" });
        }
    }
    table.push('\n');
    assert!(
        OVERVIEW.contains(&table),
        "docs/providers/README.md lacks:\n{table}"
    );
}

fn difference(cases: &ProfileCases) -> String {
    let profile = ProviderProfile::by_id(cases.profile).unwrap();
    let address = match profile.endpoints {
        ProfileEndpoints::Configured => "yours",
        ProfileEndpoints::Issuer(_) => "discovered",
        ProfileEndpoints::Fixed { .. } => "fixed",
    };
    let authentication = match profile.client_authentication {
        None => "as its metadata say",
        Some(ClientAuthentication::Basic) => "Basic",
        Some(ClientAuthentication::Body) => "body",
        Some(ClientAuthentication::None) => "none",
    };
    let (answer, tokens) = &cases.refresh;
    let refreshed = match profile.refresh_grant {
        RefreshGrant::FacebookExchange => "there are none: the access token is exchanged",
        RefreshGrant::RefreshToken if tokens.refresh_token == Some("r2") => "a new one",
        RefreshGrant::RefreshToken if answer.body.contains("\"refresh_token\"") => "the same one",
        RefreshGrant::RefreshToken => "none: the old one stays",
    };
    let reuse = match profile.reuse {
        Reuse::Strict => "never again".to_owned(),
        Reuse::Reusable => "again".to_owned(),
        Reuse::Grace(window) => format!("again for {} s", window.as_secs()),
    };
    let (pages, count) = if cases.public {
        ("yes", CONFIDENTIAL.len() + PUBLIC.len())
    } else {
        ("no", CONFIDENTIAL.len())
    };
    format!(
        "| {} | {address} | {authentication} | {refreshed} | {reuse} | {} | {pages} | {count} |\n",
        cases.profile,
        dead(&cases.dead[0])
    )
}

fn dead(answer: &Answer) -> String {
    let raw = RawResponse {
        status: answer.status,
        content_type: answer.content_type,
        body: answer.body.as_bytes(),
        retry_after: None,
    };
    let code = raw.fields().as_ref().and_then(error_code).unwrap();
    format!("{} `{code}`", answer.status)
}

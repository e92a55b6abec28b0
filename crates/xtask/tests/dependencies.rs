//! Who may depend on whom: what ARCHITECTURE promises, asked of cargo.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot ask cargo has failed"
)]

use std::{collections::BTreeSet, env, process::Command};

/// The crates that `package` is built from.
fn tree(package: &str, arguments: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["tree", "--edges", "normal", "--prefix", "none"])
        .args(["--format", "{p}", "--package", package])
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect()
}

fn intruders(tree: &BTreeSet<String>, refused: &[&str]) -> Vec<String> {
    refused
        .iter()
        .filter(|name| tree.contains(**name))
        .map(|name| (*name).to_owned())
        .collect()
}

const NONE: [String; 0] = [];

/// The crates that go to the browser.
const FRONTENDS: [&str; 2] = ["confidant-frontend", "confidant-frontend-browser"];

#[test]
fn the_browser_gets_nothing_that_holds_a_client_secret() {
    for frontend in FRONTENDS {
        let tree = tree(frontend, &["--target", "wasm32-unknown-unknown"]);
        assert!(
            tree.contains("confidant-app"),
            "this is the wrong tree: {tree:?}"
        );
        let refused = [
            "confidant-bff",
            "openidconnect",
            "oauth2",
            "confidant-provider",
            "reqwest",
            "sqlx",
            "tokio",
        ];
        assert_eq!(intruders(&tree, &refused), NONE, "{frontend}");
    }
}

/// Leptos itself names `url`; the linker drops what its browser code never calls.
/// If another crate named it, 100 kB of IDNA tables would come along.
#[test]
fn only_leptos_brings_url_into_the_browser() {
    for frontend in FRONTENDS {
        let dependents = tree(
            frontend,
            &[
                "--target",
                "wasm32-unknown-unknown",
                "--invert",
                "url",
                "--depth",
                "1",
            ],
        );
        let leptos = ["server_fn", "url"].map(str::to_owned);
        assert_eq!(dependents, BTreeSet::from(leptos), "{frontend}");
    }
}

#[test]
fn the_provider_shares_no_code_with_a_client() {
    let tree = tree("confidant-provider", &[]);
    assert!(tree.contains("axum"), "this is the wrong tree: {tree:?}");
    let refused = [
        "confidant-app",
        "confidant-bff",
        "oauth2",
        "openidconnect",
        "reqwest",
        "confidant-wire",
    ];
    assert_eq!(intruders(&tree, &refused), NONE);
}

#[test]
fn what_crosses_the_wire_needs_serde_and_nothing_else_of_ours() {
    let tree = tree("confidant-wire", &[]);
    assert!(tree.contains("serde"), "this is the wrong tree: {tree:?}");
    let refused = [
        "confidant-app",
        "axum",
        "confidant-bff",
        "http",
        "leptos",
        "oauth2",
        "confidant-provider",
        "reqwest",
        "tokio",
    ];
    assert_eq!(intruders(&tree, &refused), NONE);
}

#[test]
fn the_confidential_client_does_not_know_the_ui_or_the_provider() {
    let tree = tree("confidant-bff", &[]);
    assert!(tree.contains("oauth2"), "this is the wrong tree: {tree:?}");
    let refused = ["confidant-app", "leptos", "confidant-provider", "confidant"];
    assert_eq!(intruders(&tree, &refused), NONE);
}

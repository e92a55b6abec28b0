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

#[test]
fn the_browser_gets_nothing_that_speaks_to_a_provider() {
    let tree = tree(
        "confidant-frontend",
        &["--target", "wasm32-unknown-unknown"],
    );
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
    assert_eq!(intruders(&tree, &refused), NONE);
}

/// Leptos itself names `url`; the linker drops what its browser code never calls.
/// With anybody else naming it, 100 kB of IDNA tables would come along.
#[test]
fn nobody_but_leptos_brings_url_into_the_browser() {
    let dependents = tree(
        "confidant-frontend",
        &[
            "--target",
            "wasm32-unknown-unknown",
            "--invert",
            "url",
            "--depth",
            "1",
        ],
    );
    let leptos = ["leptos_router", "server_fn", "url"].map(str::to_owned);
    assert_eq!(dependents, BTreeSet::from(leptos));
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
        "confidant-protocol",
        "confidant-provider",
        "reqwest",
        "tokio",
    ];
    assert_eq!(intruders(&tree, &refused), NONE);
}

/// Neither I/O nor a clock nor randomness; and the browser downloads all of it.
#[test]
fn the_protocol_needs_serde_forms_and_nothing_else() {
    let tree = tree("confidant-protocol", &["--depth", "1"]);
    let expected = [
        "confidant-protocol",
        "confidant-wire",
        "form_urlencoded",
        "serde",
        "serde_json",
    ];
    assert_eq!(tree, BTreeSet::from(expected.map(str::to_owned)));
}

#[test]
fn the_confidential_client_does_not_know_the_ui_or_the_provider() {
    let tree = tree("confidant-bff", &[]);
    assert!(tree.contains("oauth2"), "this is the wrong tree: {tree:?}");
    let refused = ["confidant-app", "leptos", "confidant-provider", "confidant"];
    assert_eq!(intruders(&tree, &refused), NONE);
}

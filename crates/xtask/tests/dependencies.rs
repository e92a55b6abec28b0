//! Which crates may depend on which, checked with `cargo tree`.

#![allow(
    clippy::unwrap_used,
    reason = "the helpers of a test may fail where the test may"
)]

use std::{collections::BTreeSet, env, process::Command};

/// Returns the names of the crates that `package` depends on, directly or not.
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

/// Returns the names in `refused` that the tree contains.
fn intruders(tree: &BTreeSet<String>, refused: &[&str]) -> Vec<String> {
    refused
        .iter()
        .filter(|name| tree.contains(**name))
        .map(|name| (*name).to_owned())
        .collect()
}

const NONE: [String; 0] = [];

/// The crates that are compiled for the browser.
const FRONTENDS: [&str; 2] = ["confidant-frontend", "confidant-frontend-browser"];

/// What belongs to the server, and would carry its secrets.
const SERVER_CODE: [&str; 7] = [
    "confidant-bff",
    "aws-lc-rs",
    "oauth2",
    "confidant-provider",
    "reqwest",
    "sqlx",
    "tokio",
];

#[test]
fn the_browser_code_contains_no_confidential_client() {
    for frontend in FRONTENDS {
        let tree = tree(frontend, &["--target", "wasm32-unknown-unknown"]);
        assert!(
            tree.contains("confidant-app"),
            "this is the wrong tree: {tree:?}"
        );
        assert_eq!(intruders(&tree, &SERVER_CODE), NONE, "{frontend}");
    }
}

#[test]
fn the_browser_code_of_the_leptos_example_contains_no_server_code() {
    let browser = ["--no-default-features", "--features", "hydrate"];
    let target = ["--target", "wasm32-unknown-unknown"];
    let tree = tree(
        "confidant-example-leptos",
        &[&browser[..], &target].concat(),
    );
    assert!(tree.contains("leptos"), "this is the wrong tree: {tree:?}");
    assert_eq!(intruders(&tree, &SERVER_CODE), NONE);
}

/// Leptos depends on `url`, but calls nothing of it in the browser, so the linker
/// drops it. If another crate used it there, the bundle would contain 100 kB of IDNA
/// tables.
#[test]
fn in_the_browser_only_leptos_depends_on_url() {
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
        "reqwest",
        "confidant-wire",
    ];
    assert_eq!(intruders(&tree, &refused), NONE);
}

#[test]
fn the_wire_types_depend_on_serde_and_on_none_of_our_crates() {
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
fn the_server_without_the_demo_contains_no_provider() {
    let tree = tree("confidant", &["--no-default-features"]);
    assert!(
        tree.contains("confidant-app"),
        "this is the wrong tree: {tree:?}"
    );
    assert_eq!(intruders(&tree, &["confidant-provider"]), NONE);
}

#[test]
fn the_library_depends_on_neither_the_ui_nor_the_provider() {
    let tree = tree("confidant-bff", &[]);
    assert!(tree.contains("oauth2"), "this is the wrong tree: {tree:?}");
    let refused = ["confidant-app", "leptos", "confidant-provider", "confidant"];
    assert_eq!(intruders(&tree, &refused), NONE);
}

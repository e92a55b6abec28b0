//! The examples, each as a process, at a demo provider: sign-in, an API call, an
//! expiry and sign-out. The browser must receive no secret.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod minimal;
mod spa;

use confidant_test_support::example_app::ExampleApp;
use std::{env, path::PathBuf};

/// Starts an example that cargo has built beside this test.
async fn start(name: &str) -> ExampleApp {
    let test = env::current_exe().unwrap();
    let profile: PathBuf = test.ancestors().nth(2).unwrap().into();
    let program = profile.join("examples").join(name);
    ExampleApp::start(&program).await.unwrap()
}

/// Checks that the browser received none of the tokens that a sign-in and one
/// refresh have issued.
fn check_that_no_secret_leaked(app: &ExampleApp) {
    let issued = app.provider().issued_tokens().len();
    assert!(issued >= 4, "{issued} tokens were issued");
    assert_eq!(app.leaked_secret(), None);
}

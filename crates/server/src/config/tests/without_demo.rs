//! A build without the demo.

use super::*;

#[test]
fn demo_true_is_an_error_that_names_the_cargo_feature() {
    assert_refusal(
        &refusal(&format!("demo = true\n{SMALL}"), &[]),
        "c.toml:1: demo: this build does not contain the demo (cargo feature `demo`): expected false",
    );
    assert!(load(&format!("demo = false\n{SMALL}"), &[]).is_ok());
}

#[test]
fn a_configuration_file_is_required() {
    let error = Config::load(None, &Environment::default(), &generated).map(|_| ());
    assert_refusal(
        &error.unwrap_err().to_string(),
        "the configuration file: missing: expected --config FILE, because this build does not \
         contain the demo (cargo feature `demo`)",
    );
}

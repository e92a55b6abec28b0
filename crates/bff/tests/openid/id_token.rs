//! ID tokens: which are accepted, and which are not.

use crate::{
    application::{Application, Reply, settings},
    provider::{CLIENT_SECRET, Provider, key_set, now},
    signer::{ALGORITHMS, Signer, hs256, unsigned},
};
use confidant_bff::{
    Provider as Settings,
    settings::{IdTokenSettings, IdTokenSignature},
};
use serde_json::{Value, json};

/// Signs in with changed claims.
async fn with_claims(claims: Value, change: impl FnOnce(&mut Settings)) -> (Application, Reply) {
    let provider = Provider::start().await;
    provider.script().claims = claims;
    let mut settings = settings(&provider);
    change(&mut settings);
    let application = Application::with([settings]).await;
    let reply = application.sign_in().await;
    (application, reply)
}

async fn is_accepted(claims: Value, change: impl FnOnce(&mut IdTokenSettings)) -> bool {
    let (_, reply) = with_claims(claims, |settings| change(&mut settings.id_token)).await;
    if reply.status != 200 {
        assert_eq!(reply.problem(), (502, "provider_misbehaved".into()));
    }
    reply.status == 200
}

#[tokio::test]
async fn b02_a_claim_that_is_not_used_may_have_any_type() {
    for claims in [
        json!({}),
        json!({ "updated_at": "2026-01-02T03:04:05.678Z" }),
        json!({ "updated_at": "1700000000" }),
        json!({ "updated_at": 1_700_000_000_123_u64 }),
        json!({ "email_verified": "true", "address": "1 Main Street", "gender": 7 }),
    ] {
        assert!(is_accepted(claims.clone(), |_| ()).await, "{claims}");
    }
}

#[tokio::test]
async fn b03_further_audiences_are_accepted_if_the_client_is_the_party_or_they_are_trusted() {
    let other = "329836626744180738";
    let trusted = |settings: &mut IdTokenSettings| {
        settings.trusted_audiences = vec![other.to_owned()];
    };
    let both = json!({ "aud": ["client", other] });
    assert!(!is_accepted(both.clone(), |_| ()).await);
    assert!(is_accepted(both, trusted).await);
    assert!(is_accepted(json!({ "aud": ["client", other], "azp": "client" }), |_| ()).await);
    for refused in [
        json!({ "aud": [other] }),
        json!({ "aud": ["client", other], "azp": other }),
        json!({ "aud": "client", "azp": "other" }),
    ] {
        assert!(!is_accepted(refused.clone(), trusted).await, "{refused}");
    }
}

#[tokio::test]
async fn b13_a_nonce_is_demanded_if_it_was_sent_unless_a_setting_says_otherwise() {
    let without = json!({ "nonce": null });
    let optional = |settings: &mut IdTokenSettings| settings.nonce_required = false;
    assert!(!is_accepted(without.clone(), |_| ()).await);
    assert!(is_accepted(without.clone(), optional).await);
    assert!(!is_accepted(json!({ "nonce": "other" }), optional).await);
    let scopes = |settings: &mut Settings| settings.scopes = vec!["email".into()];
    let (application, reply) = with_claims(without, scopes).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(application.user().await.as_deref(), Some("Ann"));
}

#[tokio::test]
async fn b16_the_users_of_the_listed_tenants_can_sign_in() {
    for (tenant, is_accepted) in [("t1", true), ("t2", true), ("t3", false)] {
        let provider = Provider::start().await;
        let issuer = |tenant: &str| format!("{}/{tenant}/v2.0", provider.issuer);
        let metadata = json!({ "issuer": issuer("{tenantid}") });
        provider.script().metadata = metadata;
        provider.script().claims = json!({ "iss": issuer(tenant), "tid": tenant });
        let mut settings = settings(&provider);
        settings.endpoints = confidant_bff::settings::Endpoints::Discover(issuer("common"));
        settings.id_token.tenants = vec!["t1".into(), "t2".into()];
        let application = Application::with([settings]).await;
        let reply = application.sign_in().await;
        assert_eq!(reply.status == 200, is_accepted, "{tenant}: {}", reply.text);
    }
}

#[tokio::test]
async fn b32_hs256_needs_a_setting_and_then_nothing_else_is_accepted() {
    let sign = |claims: &Value| hs256(CLIENT_SECRET.as_bytes(), claims);
    for (signature, sign, is_accepted) in [
        (
            IdTokenSignature::PublicKey,
            Some(sign as fn(&Value) -> String),
            false,
        ),
        (IdTokenSignature::Hs256, Some(sign), true),
        (
            IdTokenSignature::Hs256,
            Some(|claims: &Value| hs256(b"other", claims)),
            false,
        ),
        (
            IdTokenSignature::Hs256,
            Some(|claims: &Value| unsigned("none", claims)),
            false,
        ),
        (IdTokenSignature::Hs256, None, false),
        (
            IdTokenSignature::PublicKey,
            Some(|claims: &Value| unsigned("none", claims)),
            false,
        ),
        (IdTokenSignature::PublicKey, None, true),
    ] {
        let provider = Provider::start().await;
        provider.script().sign = sign;
        let mut settings = settings(&provider);
        settings.id_token.signature = signature;
        let reply = Application::with([settings]).await.sign_in().await;
        assert_eq!(
            reply.status == 200,
            is_accepted,
            "{signature:?}: {}",
            reply.text
        );
    }
}

#[tokio::test]
async fn every_algorithm_with_a_public_key_signs_users_in() {
    let provider = Provider::start().await;
    let application = Application::start(&provider).await;
    for algorithm in ALGORITHMS {
        // Each one has another key, which the application does not know yet.
        provider.sign_with(Signer::new(algorithm, Some(algorithm)));
        let reply = application.other_browser().sign_in().await;
        assert_eq!(reply.status, 200, "{algorithm}: {}", reply.text);
    }
}

#[tokio::test]
async fn a_token_of_another_time_is_refused_unless_the_leeway_allows_it() {
    let long = |settings: &mut IdTokenSettings| {
        settings.leeway = std::time::Duration::from_secs(300);
    };
    for claims in [json!({ "exp": now() - 120 }), json!({ "iat": now() + 120 })] {
        assert!(!is_accepted(claims.clone(), |_| ()).await, "{claims}");
        assert!(is_accepted(claims.clone(), long).await, "{claims}");
    }
}

#[tokio::test]
async fn an_access_token_of_another_sign_in_is_noticed() {
    // The left half of the SHA-256 digest of `at`.
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, b"at");
    let hash = base64::Engine::encode(
        &base64::engine::general_purpose::URL_SAFE_NO_PAD,
        &digest.as_ref()[..16],
    );
    assert!(is_accepted(json!({ "at_hash": hash }), |_| ()).await);
    assert!(!is_accepted(json!({ "at_hash": "77QmUPtjPfzWtF2AnpK9RQ" }), |_| ()).await);
}

#[tokio::test]
async fn x1_an_empty_name_is_not_shown() {
    let claims = json!({ "name": "", "preferred_username": "ann" });
    let (application, reply) = with_claims(claims, |_| ()).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(application.user().await.as_deref(), Some("ann"));
}

#[tokio::test]
async fn x6_without_a_key_id_each_key_is_tried() {
    let provider = Provider::start().await;
    let (first, second) = (Signer::new("RS256", None), Signer::new("RS256", None));
    let keys = key_set(&[&first, &second]);
    provider.sign_with(second);
    provider.script().keys = keys;
    let reply = Application::start(&provider).await.sign_in().await;
    assert_eq!(reply.status, 200, "{}", reply.text);
}

#[tokio::test]
async fn x7_without_the_id_token_that_was_asked_for_no_user_is_signed_in() {
    let provider = Provider::start().await;
    provider.script().no_id_token = true;
    let application = Application::start(&provider).await;
    let reply = application.sign_in().await;
    assert_eq!(reply.problem(), (502, "provider_misbehaved".into()));
    assert_eq!(application.user().await, None);
    let plain = settings(&provider).scopes(["profile"]);
    let application = Application::with([plain]).await;
    assert_eq!(application.sign_in().await.status, 200);
}

#[tokio::test]
async fn a_key_set_that_is_empty_or_none_at_all_signs_no_user_in_and_is_asked_again() {
    let provider = Provider::start().await;
    let application = Application::start(&provider).await;
    let good = provider.script().keys.clone();
    let other = Signer::new("ES256", Some("k1"));
    for (keys, is_document) in [
        (br#"{"keys": []}"#.to_vec(), true),
        (key_set(&[&other]), true),
        (b"<html>".to_vec(), false),
        (vec![b' '; 50_000_000], false),
    ] {
        // The application has to fetch them anew.
        let application = Application::start(&provider).await;
        provider.script().keys = keys;
        let reply = application.sign_in().await;
        assert_eq!(
            reply.problem(),
            (502, "provider_misbehaved".into()),
            "{is_document}"
        );
        provider.script().keys = good.clone();
        let reply = application.sign_in().await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
    assert_eq!(application.sign_in().await.status, 200);
}

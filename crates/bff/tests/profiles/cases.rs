//! The cases, each for every profile.

use super::client::{CLIENT_ID, CLIENT_SECRET, World};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use confidant_bff::Reuse;
use confidant_protocol::cases::profiles::{Answer, CodeRefusal};
use confidant_wire::{Code, ValidationMethod};
use futures::{FutureExt as _, future::LocalBoxFuture};

type Case = fn(&World) -> LocalBoxFuture<'_, ()>;

/// Each case with its title.
pub(crate) const CASES: &[(&str, Case)] = &[
    ("authorization request", |world| {
        authorization_request(world).boxed_local()
    }),
    ("client authentication", |world| {
        client_authentication(world).boxed_local()
    }),
    ("code exchange", |world| code_exchange(world).boxed_local()),
    ("user", |world| user(world).boxed_local()),
    ("refused code", |world| refused_code(world).boxed_local()),
    ("refresh request", |world| {
        refresh_request(world).boxed_local()
    }),
    ("refresh", |world| refresh(world).boxed_local()),
    ("other refresh answer", |world| {
        other_refresh(world).boxed_local()
    }),
    ("odd refresh answer", |world| {
        odd_refresh(world).boxed_local()
    }),
    ("dead token", |world| dead_token(world).boxed_local()),
    ("misconfigured client", |world| {
        misconfigured(world).boxed_local()
    }),
    ("rate limit", |world| rate_limit(world).boxed_local()),
    ("outage", |world| outage(world).boxed_local()),
    ("unknown outcome", |world| {
        unknown_outcome(world).boxed_local()
    }),
    ("validation", |world| validation(world).boxed_local()),
    ("revocation", |world| revocation(world).boxed_local()),
];

async fn authorization_request(world: &World) {
    let (_, sent) = world.authorize().await;
    let title = world.title();
    let mut expected = vec![("response_type", "code"), ("client_id", CLIENT_ID)];
    expected.extend(world.cases.authorization);
    for (name, value) in expected {
        assert_eq!(
            sent.get(name).map(String::as_str),
            Some(value),
            "{title}: {name}"
        );
    }
    let has_pkce = sent.contains_key("code_challenge")
        && sent.get("code_challenge_method").map(String::as_str) == Some("S256");
    assert_eq!(has_pkce, world.cases.pkce, "{title}: {sent:?}");
    let is_scope_named = world.cases.authorization.iter().any(|(n, _)| *n == "scope");
    assert_eq!(sent.contains_key("scope"), is_scope_named, "{title}");
}

/// Both token requests authenticate in one way, never in two.
async fn client_authentication(world: &World) {
    let title = world.title();
    let user = world.sign_in().await;
    let code_request = world.token_request();
    world.refresh(&user, world.cases.refresh.0).await.unwrap();
    let is_basic = world.cases.authentication == "basic";
    for request in [code_request, world.token_request()] {
        let form = request.form();
        let basic = STANDARD.encode(format!("{CLIENT_ID}:a%2Bsecret"));
        let expected = if is_basic {
            format!("Basic {basic}")
        } else {
            String::new()
        };
        assert_eq!(request.header("authorization"), expected, "{title}");
        let secret = form.get("client_secret").map(String::as_str);
        assert_eq!(secret, (!is_basic).then_some(CLIENT_SECRET), "{title}");
        let accept = request.header("accept");
        assert!(accept.contains("application/json"), "{title}: {accept}");
    }
}

async fn code_exchange(world: &World) {
    let (answer, expected) = &world.cases.code_exchange;
    let user = world.sign_in_with(*answer).await.unwrap();
    let form = world.token_request().form();
    let title = world.title();
    assert_eq!(form["grant_type"], "authorization_code", "{title}");
    assert_eq!(form["code"], "code", "{title}");
    assert_eq!(
        form["redirect_uri"], "http://localhost:3000/callback",
        "{title}"
    );
    assert_eq!(
        form.contains_key("code_verifier"),
        world.cases.pkce,
        "{title}"
    );
    world.assert_tokens(&user, expected).await;
}

async fn user(world: &World) {
    let user = world.sign_in().await;
    let title = world.title();
    assert_eq!(user.session.user().subject(), "7", "{title}");
    let name = user.session.user().name();
    assert!(name.eq_ignore_ascii_case("ann"), "{title}: {name}");
    let request = world.provider.take_requests("/userinfo").remove(0);
    assert_eq!(request.header("authorization"), "Bearer a1", "{title}");
    let is_post = request.method == "POST";
    assert_eq!(is_post, world.profile.userinfo.post, "{title}");
}

async fn refused_code(world: &World) {
    let (answer, refusal) = world.cases.code_refused;
    let error = world.sign_in_with(answer).await.err().unwrap();
    let expected = match refusal {
        CodeRefusal::Code => Code::CodeRefused,
        CodeRefusal::Client => Code::ClientMisconfigured,
    };
    assert_eq!(error.code(), expected, "{}", world.title());
    // A code works once, so it is presented once.
    world.token_request();
}

async fn refresh_request(world: &World) {
    let user = world.sign_in().await;
    world.token_request();
    world.refresh(&user, world.cases.refresh.0).await.unwrap();
    let request = world.token_request();
    let form = request.form();
    for (name, value) in world.cases.refresh_request {
        let found = form.get(*name).map(String::as_str);
        assert_eq!(found, Some(*value), "{}: {name}", world.title());
    }
    let expects_uri = world
        .cases
        .refresh_request
        .iter()
        .any(|(name, _)| *name == "redirect_uri");
    assert_eq!(
        form.contains_key("redirect_uri"),
        expects_uri,
        "{}",
        world.title()
    );
}

async fn refresh(world: &World) {
    let (answer, expected) = &world.cases.refresh;
    let user = world.sign_in().await;
    world.refresh(&user, *answer).await.unwrap();
    world.assert_tokens(&user, expected).await;
}

async fn other_refresh(world: &World) {
    let (answer, expected) = &world.cases.other_refresh;
    let user = world.sign_in().await;
    world.refresh(&user, *answer).await.unwrap();
    world.assert_tokens(&user, expected).await;
}

async fn odd_refresh(world: &World) {
    let (answer, expected) = &world.cases.odd_refresh;
    let user = world.sign_in().await;
    world.refresh(&user, *answer).await.unwrap();
    world.assert_tokens(&user, expected).await;
}

/// The session ends at the first answer, and other users notice nothing.
async fn dead_token(world: &World) {
    let other = world.sign_in().await;
    for answer in world.cases.dead {
        let user = world.sign_in().await;
        world.provider.take_requests("/token");
        let error = world.refresh(&user, *answer).await.unwrap_err();
        let title = world.title();
        assert_eq!(error.code(), Code::GrantDead, "{title}: {answer:?}");
        assert!(!world.is_signed_in(&user).await, "{title}: {answer:?}");
        world.token_request();
        assert!(!format!("{error:?} {error}").contains("r1"), "{title}");
    }
    assert_served(world, &other).await;
}

async fn misconfigured(world: &World) {
    let answer = world.cases.misconfigured;
    assert_kept(world, answer, Code::ClientMisconfigured).await;
}

async fn rate_limit(world: &World) {
    let other = world.sign_in().await;
    let answer = world.cases.rate_limited;
    assert_kept(world, answer, Code::ProviderUnavailable).await;
    assert_served(world, &other).await;
}

async fn outage(world: &World) {
    assert_kept(world, world.cases.outage, Code::ProviderUnavailable).await;
}

/// Under strict rotation the token is not presented again.
async fn unknown_outcome(world: &World) {
    let answer = world.cases.unknown_outcome;
    let expected = match world.profile.reuse {
        Reuse::Strict => Code::Reauthorize,
        Reuse::Reusable | Reuse::Grace(_) => Code::ProviderUnavailable,
    };
    let presented = assert_kept(world, answer, expected).await;
    let expected = match world.profile.reuse {
        Reuse::Strict => 1,
        Reuse::Reusable | Reuse::Grace(_) => 2,
    };
    assert_eq!(presented, expected, "{}", world.title());
}

async fn validation(world: &World) {
    use confidant_bff::settings::TokenValidation;
    let user = world.sign_in().await;
    let (expected, path) = match &world.profile.validation {
        TokenValidation::Introspection => (ValidationMethod::Introspection, "/introspect"),
        TokenValidation::Tokeninfo(_) => (ValidationMethod::Tokeninfo, "/tokeninfo"),
        TokenValidation::Userinfo => (ValidationMethod::Userinfo, "/userinfo"),
    };
    world.provider.take_requests("/");
    let validation = user.session.validate().await.unwrap();
    let title = world.title();
    assert_eq!(validation.by, expected, "{title}");
    assert!(validation.active, "{title}");
    assert_eq!(world.provider.take_requests(path).len(), 1, "{title}");
}

async fn revocation(world: &World) {
    let user = world.sign_in().await;
    assert!(world.sign_out(&user).await, "{}", world.title());
    let title = world.title();
    let request = world.provider.take_requests("/revoke").remove(0);
    let expected = world.cases.revocation;
    assert_eq!(request.method, expected.method, "{title}");
    assert!(
        request.body.contains(expected.body),
        "{title}: {}",
        request.body
    );
    let authorization = request.header("authorization");
    let is_basic = world.cases.authentication == "basic";
    if expected.authorization.is_empty() {
        assert_eq!(
            request.form().contains_key("client_secret"),
            !is_basic,
            "{title}"
        );
        assert_eq!(authorization.starts_with("Basic "), is_basic, "{title}");
    } else {
        assert!(
            authorization.starts_with(expected.authorization),
            "{title}: {authorization}"
        );
    }
    if request.body.starts_with('{') {
        assert_eq!(request.path, format!("/revoke/{CLIENT_ID}"), "{title}");
    }
}

/// Checks that a refresh with this answer fails with this code, that the session
/// is kept, and that its access token is still used. Returns how often the
/// refresh token was presented.
async fn assert_kept(world: &World, answer: Answer, expected: Code) -> usize {
    let user = world.sign_in().await;
    world.provider.take_requests("/token");
    let error = world.refresh(&user, answer).await.unwrap_err();
    let requests = world.provider.take_requests("/token");
    let title = world.title();
    assert_eq!(error.code(), expected, "{title}: {error:?}");
    assert!(world.is_signed_in(&user).await, "{title}");
    let token = user.session.access_token().await.unwrap();
    assert_eq!(token.secret, "a1", "{title}");
    requests.len()
}

/// Checks that this user's refresh is served at once.
async fn assert_served(world: &World, other: &super::client::User) {
    let served = world.refresh(other, world.cases.refresh.0).await;
    assert!(served.is_ok(), "{}: {served:?}", world.title());
}

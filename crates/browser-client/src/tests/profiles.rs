//! Every profile whose provider has public clients, in that provider's words:
//! the cases of `confidant_protocol::cases::profiles`.

use crate::{
    Error, ErrorKind, ProviderProfile, PublicClient, Reuse, Settings,
    testing::{
        authorize,
        browser_model::{BrowserModel, Tab},
        settings,
    },
};
use confidant_protocol::cases::profiles::{ALL, Answer, CodeRefusal, PUBLIC, ProfileCases, Tokens};
use futures::{FutureExt as _, executor::LocalPool, future::LocalBoxFuture};
use std::{collections::HashMap, rc::Rc};

/// A client of a provider with this profile.
struct World {
    cases: ProfileCases,
    reuse: Reuse,
    browser: Rc<BrowserModel>,
    client: PublicClient<Tab>,
    title: String,
}

type Case = fn(&World) -> LocalBoxFuture<'_, ()>;

const CASES: &[(&str, Case)] = &[
    ("authorization request", |world| {
        authorization_request(world).boxed_local()
    }),
    ("client authentication", |world| {
        client_authentication(world).boxed_local()
    }),
    ("code exchange", |world| code_exchange(world).boxed_local()),
    ("refused code", |world| refused_code(world).boxed_local()),
    ("refresh request", |world| {
        refresh_request(world).boxed_local()
    }),
    ("refresh", |world| {
        refreshed(world, &world.cases.refresh).boxed_local()
    }),
    ("other refresh answer", |world| {
        refreshed(world, &world.cases.other_refresh).boxed_local()
    }),
    ("odd refresh answer", |world| {
        refreshed(world, &world.cases.odd_refresh).boxed_local()
    }),
    ("dead token", |world| dead_token(world).boxed_local()),
    ("misconfigured client", |world| {
        assert_kept(
            world,
            world.cases.misconfigured,
            ErrorKind::ClientMisconfigured,
        )
        .boxed_local()
    }),
    ("rate limit", |world| {
        assert_kept(
            world,
            world.cases.rate_limited,
            ErrorKind::ProviderUnavailable,
        )
        .boxed_local()
    }),
    ("outage", |world| {
        assert_kept(world, world.cases.outage, ErrorKind::ProviderUnavailable).boxed_local()
    }),
    ("unknown outcome", |world| {
        unknown_outcome(world).boxed_local()
    }),
    ("revocation", |world| revocation(world).boxed_local()),
];

#[test]
fn every_case_of_every_profile_with_public_clients_holds() {
    let titles: Vec<_> = CASES.iter().map(|(title, _)| *title).collect();
    assert_eq!(titles, PUBLIC);
    for cases in ALL.iter().filter(|cases| cases.public) {
        for (title, case) in CASES {
            let (browser, mut pool) = (BrowserModel::new(), LocalPool::new());
            let profile = ProviderProfile::by_id(cases.profile).unwrap();
            let world = World {
                cases: *cases,
                reuse: profile.reuse,
                client: browser.tab(&pool).client(&Settings {
                    scopes: ["b", "c"].map(Into::into).into(),
                    profile,
                    ..settings()
                }),
                browser,
                title: format!("{}: {title}", cases.profile),
            };
            pool.run_until(case(&world));
        }
    }
}

impl World {
    fn answer(&self, answer: Answer) {
        self.browser.provider.borrow_mut().answer = Some(answer);
    }

    /// Returns the forms of the requests since the last call.
    fn forms(&self) -> Vec<HashMap<String, String>> {
        std::mem::take(&mut self.browser.provider.borrow_mut().forms)
    }

    async fn sign_in_with(&self, answer: Answer) -> Result<(), Error> {
        self.answer(answer);
        let response = authorize(&self.client, "/").await;
        self.client.finish(&response).await.map(drop)
    }

    async fn sign_in(&self) {
        let signed_in = self.sign_in_with(self.cases.code_exchange.0).await;
        signed_in.unwrap_or_else(|error| panic!("{}: {error:?}", self.title));
        self.forms();
    }

    async fn assert_tokens(&self, expected: &Tokens) {
        let (found, title) = (self.client.token().await.unwrap(), &self.title);
        assert_eq!(found.access_token, expected.access_token, "{title}");
        assert_eq!(
            found.refresh_token.as_deref(),
            expected.refresh_token,
            "{title}"
        );
        assert_eq!(found.token_type, expected.token_type, "{title}");
        assert_eq!(found.scopes, expected.scopes, "{title}");
        let lifetime = found.expires_at.map(|end| (end - found.obtained_at) / 1000);
        assert_eq!(lifetime, expected.lifetime, "{title}");
        let extras: Vec<_> = found.extras.keys().map(String::as_str).collect();
        assert_eq!(extras, expected.extras, "{title}");
    }
}

async fn authorization_request(world: &World) {
    let url = world.client.start("/").await.unwrap();
    let query = url.split_once('?').unwrap().1;
    let sent: HashMap<_, _> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    for (name, value) in world.cases.authorization {
        let found = sent.get(*name).map(String::as_str);
        assert_eq!(found, Some(*value), "{}: {name}", world.title);
    }
    assert_eq!(sent["code_challenge_method"], "S256", "{}", world.title);
}

/// A page has no secret: its id is in the form.
async fn client_authentication(world: &World) {
    world
        .sign_in_with(world.cases.code_exchange.0)
        .await
        .unwrap();
    world.answer(world.cases.refresh.0);
    world.client.refresh().await.unwrap();
    let forms = world.forms();
    assert_eq!(forms.len(), 2, "{}", world.title);
    for form in forms {
        assert_eq!(form["client_id"], "spa", "{}", world.title);
        assert!(!form.contains_key("client_secret"), "{}", world.title);
    }
}

async fn code_exchange(world: &World) {
    let (answer, expected) = &world.cases.code_exchange;
    world.sign_in_with(*answer).await.unwrap();
    let form = world.forms().remove(0);
    assert_eq!(form["grant_type"], "authorization_code", "{}", world.title);
    assert!(form.contains_key("code_verifier"), "{}", world.title);
    world.assert_tokens(expected).await;
}

async fn refused_code(world: &World) {
    let (answer, refusal) = world.cases.code_refused;
    let error = world.sign_in_with(answer).await.unwrap_err();
    let expected = match refusal {
        CodeRefusal::Code => ErrorKind::CodeRefused,
        CodeRefusal::Client => ErrorKind::ClientMisconfigured,
    };
    assert_eq!(error.kind, expected, "{}", world.title);
    assert_eq!(world.forms().len(), 1, "{}", world.title);
}

async fn refresh_request(world: &World) {
    world.sign_in().await;
    world.answer(world.cases.refresh.0);
    world.client.refresh().await.unwrap();
    let form = world.forms().remove(0);
    for (name, value) in world.cases.refresh_request {
        // A page has a redirect URI of its own.
        let value = match *name {
            "redirect_uri" => "http://app.test/callback",
            _ => value,
        };
        let found = form.get(*name).map(String::as_str);
        assert_eq!(found, Some(value), "{}: {name}", world.title);
    }
}

async fn refreshed(world: &World, (answer, expected): &(Answer, Tokens)) {
    world.sign_in().await;
    world.answer(*answer);
    world.client.refresh().await.unwrap();
    world.assert_tokens(expected).await;
}

async fn dead_token(world: &World) {
    for answer in world.cases.dead {
        world.sign_in().await;
        world.answer(*answer);
        let error = world.client.refresh().await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::GrantDead, "{}", world.title);
        let session = world.client.session().await.unwrap();
        assert_eq!(session.signed_in, None, "{}", world.title);
        assert_eq!(world.forms().len(), 1, "{}", world.title);
    }
}

async fn unknown_outcome(world: &World) {
    let (expected, presented) = match world.reuse {
        Reuse::Strict => (ErrorKind::Reauthorize, 1),
        // What a page stores does not say when a grace period began.
        Reuse::Grace(_) => (ErrorKind::Reauthorize, 2),
        Reuse::Reusable => (ErrorKind::ProviderMisbehaved, 2),
    };
    assert_kept(world, world.cases.unknown_outcome, expected).await;
    let count = world.forms().len();
    assert_eq!(count, presented, "{}", world.title);
}

async fn revocation(world: &World) {
    world.sign_in().await;
    assert!(world.client.sign_out().await.unwrap().revoked);
    let form = world.forms().remove(0);
    assert_eq!(form["token"], "r1", "{}", world.title);
    assert_eq!(form["token_type_hint"], "refresh_token", "{}", world.title);
    assert_eq!(form["client_id"], "spa", "{}", world.title);
}

/// Checks that a refresh with this answer fails like this, and that the session
/// and its access token are kept.
async fn assert_kept(world: &World, answer: Answer, expected: ErrorKind) {
    world.sign_in().await;
    world.answer(answer);
    let error = world.client.refresh().await.unwrap_err();
    assert_eq!(error.kind, expected, "{}: {error:?}", world.title);
    let token = world.client.access_token().await.unwrap();
    assert_eq!(token.access_token, "a1", "{}", world.title);
}

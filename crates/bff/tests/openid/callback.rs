//! The way back from the provider.

use crate::{
    application::{Application, form, settings},
    provider::Provider,
};
use axum::http::Request;
use confidant_bff::{Provider as Settings, Secret, settings::FixedEndpoints};
use url::Url;

/// Returns the fields of a good response.
async fn response(application: &Application, provider: &str) -> [(&'static str, String); 2] {
    let sent = application.begin(&[("provider", provider)]).await;
    [
        ("code", sent["nonce"].clone()),
        ("state", sent["state"].clone()),
    ]
}

fn borrowed<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(n, v)| (*n, v.as_str())).collect()
}

#[tokio::test]
async fn s12_a_response_of_one_provider_does_not_pass_for_that_of_another() {
    let (honest, hostile) = (Provider::start().await, Provider::start().await);
    let own = |id: &str, provider: &Provider| {
        let mut settings = settings(provider).own_callback();
        settings.id = id.to_owned();
        settings
    };
    let application = Application::with([own("honest", &honest), own("hostile", &hostile)]).await;
    let sent = application.begin(&[("provider", "hostile")]).await;
    assert_eq!(sent["redirect_uri"], "https://app.example/callback/hostile");
    // The hostile provider led the browser to the honest one, which sends its
    // code to the address that is registered with it.
    let fields = form(&[
        ("code", "code-of-the-honest-one"),
        ("state", &sent["state"]),
    ]);
    let reply = application.get(&format!("/callback/honest?{fields}")).await;
    assert_eq!(reply.status, 303);
    let query = reply.location().strip_prefix("/callback?").unwrap();
    for query in [query, fields.as_str()] {
        let request = Request::post("/auth/login/finish").header("x-csrf", "1");
        let reply = application
            .send(request.body(query.to_owned()).unwrap())
            .await;
        assert_eq!(reply.status, 400, "{}", reply.text);
    }
    assert_eq!(
        hostile.script().asked.2,
        0,
        "the code went to the hostile provider"
    );
    // The honest one alone still works.
    let fields = response(&application, "honest").await;
    let fields = form(&borrowed(&fields));
    // A parameter of the same name in the redirect changes nothing.
    let reply = application
        .get(&format!("/callback/honest?{fields}&callback=hostile"))
        .await;
    let query = reply
        .location()
        .strip_prefix("/callback?")
        .unwrap()
        .to_owned();
    let request = Request::post("/auth/login/finish").header("x-csrf", "1");
    let reply = application.send(request.body(query).unwrap()).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
}

#[tokio::test]
async fn s12_an_issuer_of_another_provider_is_refused_although_the_asked_one_has_none() {
    let (honest, hostile) = (Provider::start().await, Provider::start().await);
    let at = |path: &str| Url::parse(&format!("{}{path}", hostile.issuer)).unwrap();
    let endpoints = FixedEndpoints {
        issuer: None,
        authorization_endpoint: at("/authorize"),
        token_endpoint: at("/token"),
        userinfo_endpoint: Some(at("/userinfo")),
        introspection_endpoint: None,
        revocation_endpoint: None,
        end_session_endpoint: None,
        jwks_uri: None,
    };
    let asked = Settings::with_endpoints("hostile", endpoints)
        .client("client", Secret::new("secret"))
        .scopes(["email"])
        .own_callback();
    let known = settings(&honest).iss_required();
    let application = Application::with([asked, known]).await;
    let sent = application.begin(&[("provider", "hostile")]).await;
    // The honest provider registered a part of the address only, and names itself.
    let fields = form(&[
        ("code", "code-of-the-honest-one"),
        ("state", &sent["state"]),
        ("iss", &honest.issuer),
        ("callback", "hostile"),
    ]);
    let request = Request::post("/auth/login/finish").header("x-csrf", "1");
    let reply = application.send(request.body(fields).unwrap()).await;
    assert_eq!(reply.problem(), (400, "issuer_mismatch".into()));
    assert_eq!(
        hostile.script().asked.2,
        0,
        "the code went to the hostile provider"
    );
}

#[tokio::test]
async fn s12_a_response_that_must_name_its_issuer_and_does_not_is_refused() {
    let provider = Provider::start().await;
    let application = Application::with([settings(&provider).iss_required()]).await;
    let nameless = response(&application, "p").await;
    let reply = application
        .post("/auth/login/finish", &borrowed(&nameless))
        .await;
    assert_eq!(reply.problem(), (400, "issuer_mismatch".into()));
    let mut named = response(&application, "p").await.to_vec();
    named.push(("iss", provider.issuer.clone()));
    let reply = application
        .post("/auth/login/finish", &borrowed(&named))
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text);
}

#[tokio::test]
async fn b31_a_response_that_the_provider_posts_signs_the_user_in() {
    let provider = Provider::start().await;
    let settings = settings(&provider)
        .own_callback()
        .authorize_param("response_mode", "form_post");
    let application = Application::with([settings]).await;
    let sent = application.begin(&[("provider", "p")]).await;
    assert_eq!(sent["response_mode"], "form_post");
    // From another site, so without cookies.
    let other_site = application.other_browser();
    let fields = [
        ("code", sent["nonce"].as_str()),
        ("state", &sent["state"]),
        ("user", "{}"),
    ];
    let post = Request::post("/callback/p")
        .header("origin", "https://appleid.example")
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "navigate")
        .header("content-type", "application/x-www-form-urlencoded");
    let reply = other_site.send(post.body(form(&fields)).unwrap()).await;
    assert_eq!(reply.status, 303, "{}", reply.text);
    // The page posts from the application's own origin.
    let page = application.get(reply.location()).await;
    assert!(
        page.text.contains("name=\"callback\" value=\"p\""),
        "{}",
        page.text
    );
    let query = reply
        .location()
        .strip_prefix("/callback?")
        .unwrap()
        .to_owned();
    let request = Request::post("/auth/login/finish").header("x-csrf", "1");
    let reply = application.send(request.body(query).unwrap()).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(application.user().await.as_deref(), Some("Ann"));
}

#[tokio::test]
async fn b22_a_user_who_presses_the_button_again_is_led_on() {
    let provider = Provider::start().await;
    let application = Application::start(&provider).await;
    let fields = response(&application, "p").await;
    let fields = borrowed(&fields);
    let reply = application.submit("/auth/login/finish", &fields).await;
    assert_eq!((reply.status, reply.location()), (303, "/"));
    let reply = application.submit("/auth/login/finish", &fields).await;
    assert_eq!((reply.status, reply.location()), (303, "/"));
    // The same without any parameter.
    let reply = application.submit("/auth/login/finish", &[]).await;
    assert_eq!((reply.status, reply.location()), (303, "/"));
    assert_eq!(application.user().await.as_deref(), Some("Ann"));
    // A user who is not signed in reads why.
    let reply = application
        .other_browser()
        .submit("/auth/login/finish", &fields)
        .await;
    assert_eq!(reply.status, 400);
}

#[tokio::test]
async fn b22_a_provider_that_says_the_user_is_signed_in_already_leads_there() {
    let provider = Provider::start().await;
    let application = Application::start(&provider).await;
    let start = [("provider", "p"), ("return_to", "/orders")];
    let late = [
        application.begin(&start).await,
        application.begin(&start).await,
        application.begin(&start).await,
    ];
    assert_eq!(application.sign_in().await.status, 200);
    let state = |number: usize| ("state", late[number]["state"].as_str());
    for fields in [
        &[state(0), ("error", "temporarily_unavailable")][..],
        &[state(1)],
    ] {
        let reply = application.post("/auth/login/finish", fields).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(reply.json()["return_to"], "/orders");
    }
    let refused = [state(2), ("error", "access_denied")];
    let reply = application.post("/auth/login/finish", &refused).await;
    assert_eq!(reply.problem(), (400, "access_denied".into()));
    // A sign-in that was started afterwards fails as it should.
    let sent = application.begin(&start).await;
    let fields = [
        ("state", sent["state"].as_str()),
        ("error", "temporarily_unavailable"),
    ];
    let reply = application.post("/auth/login/finish", &fields).await;
    assert_eq!(reply.problem(), (400, "authorization_failed".into()));
}

#[tokio::test]
async fn b37_a_browser_that_keeps_no_cookie_on_plain_http_is_told_so() {
    let provider = Provider::start().await;
    for (public_url, is_told) in [
        ("http://localhost:3000", true),
        ("https://app.example", false),
    ] {
        let application = Application::at(public_url, [settings(&provider)]).await;
        let fields = response(&application, "p").await;
        let browser = application.other_browser();
        let reply = browser.post("/auth/login/finish", &borrowed(&fields)).await;
        assert_eq!(reply.problem(), (400, "bad_state".into()));
        assert_eq!(reply.text.contains("Safari"), is_told, "{}", reply.text);
    }
}

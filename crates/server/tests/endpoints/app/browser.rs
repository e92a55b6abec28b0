//! A browser without scripts: cookies for two hosts, and the forms of their pages.

use super::{Answer, TestApp, answer::parameter};
use axum::{
    body::Body,
    http::{Request, header, request::Builder},
    response::Response,
};
use confidant_test_support::{cookie_jar::CookieJar, test_user::password_of};
use std::{cell::RefCell, collections::BTreeMap};
use url::{Url, form_urlencoded};

type Jar = RefCell<CookieJar>;

/// A browser in front of a [`TestApp`]; follows nothing by itself.
pub(crate) struct Browser<'a> {
    app: &'a TestApp,
    own: Jar,
    providers: Jar,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(app: &'a TestApp) -> Self {
        Self {
            app,
            own: Jar::default(),
            providers: Jar::default(),
        }
    }

    /// The same person's cookies, at the server after a restart.
    pub(crate) fn cookies(&self) -> BTreeMap<String, String> {
        self.own.borrow().cookies().clone()
    }

    pub(crate) fn with_cookies(self, cookies: BTreeMap<String, String>) -> Self {
        self.own.replace(cookies.into());
        self
    }

    /// What a program or a script reads.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), String::new()).await
    }

    /// What a program or a script posts, with the header that is asked of it.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::post(path).header("x-csrf", "1");
        self.send(request, form(fields)).await
    }

    /// What a plain form of ours posts.
    pub(crate) async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::post(path)
            .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
            .header("origin", "http://localhost:3000")
            .header("referer", "http://localhost:3000/bff/menu")
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-mode", "navigate");
        self.send(request, form(fields)).await
    }

    /// What a script of ours asks of an API.
    pub(crate) async fn call(&self, method: &str, path: &str, body: &str) -> Answer {
        let request = Request::builder().method(method).uri(path);
        self.send(request.header("x-csrf", "1"), body.to_owned())
            .await
    }

    /// The same, with bodies that are not held on the way.
    pub(crate) async fn stream(&self, method: &str, path: &str, body: Body) -> Response {
        let request = Request::builder().method(method).uri(path);
        let request = prepared(request.header("x-csrf", "1"), String::new(), &self.own);
        self.app.respond(request.map(|_| body)).await
    }

    /// A page.
    pub(crate) async fn open(&self, path: &str) -> Answer {
        let request = Request::get(path)
            .header("accept", "text/html,*/*;q=0.8")
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-mode", "navigate");
        self.send(request, String::new()).await
    }

    pub(crate) async fn send(&self, request: Builder, body: String) -> Answer {
        let answer = self.app.answer(prepared(request, body, &self.own)).await;
        self.own.borrow_mut().store(&answer.headers);
        answer
    }

    /// Begins a sign-in, and returns where it leads.
    pub(crate) async fn start(&self) -> String {
        let answer = self
            .post("/auth/login/start", &[("provider", "demo")])
            .await;
        let url = answer.good()["authorization_url"].clone();
        url.as_str().unwrap().to_owned()
    }

    /// Signs in at the provider as this person and presses `decision` on its
    /// consent page. Returns the address that the provider sends us to.
    pub(crate) async fn decide(&self, url: &str, person: &str, decision: &str) -> String {
        let login = self.at_provider(Request::get(url), String::new()).await;
        let mut fields = login.hidden();
        fields.extend([
            ("username".into(), person.into()),
            ("password".into(), password_of(person).into()),
            ("decision".into(), "sign_in".into()),
        ]);
        let signed_in = self.press_at_provider(&login.action(), &fields).await;
        let next = signed_in.location().to_owned();
        let consent = self.at_provider(Request::get(next), String::new()).await;
        let mut fields = consent.hidden();
        fields.push(("decision".into(), decision.into()));
        let decided = self.press_at_provider(&consent.action(), &fields).await;
        decided.location().to_owned()
    }

    /// Hands the provider's answer on, as the callback page does.
    pub(crate) async fn finish(&self, callback: &str) -> Answer {
        let fields = answer_fields(callback);
        let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        self.post("/auth/login/finish", &fields).await
    }

    /// The whole way in.
    pub(crate) async fn sign_in(&self, person: &str) {
        let url = self.start().await;
        let callback = self.decide(&url, person, "allow").await;
        assert_eq!(
            self.finish(&callback).await.good()["return_to"],
            "/bff/menu"
        );
    }

    /// What the provider answers at this address.
    pub(crate) async fn follow(&self, url: &str) -> Answer {
        self.at_provider(Request::get(url), String::new()).await
    }

    async fn press_at_provider(&self, action: &str, fields: &[(String, String)]) -> Answer {
        let fields: Vec<_> = fields
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        self.at_provider(Request::post(action), form(&fields)).await
    }

    async fn at_provider(&self, request: Builder, body: String) -> Answer {
        let request = prepared(request, body, &self.providers);
        let answer = self.app.provider_answer(request).await;
        self.providers.borrow_mut().store(&answer.headers);
        answer
    }
}

/// What the callback page finds in its address and posts on.
pub(crate) fn answer_fields(callback: &str) -> Vec<(&'static str, String)> {
    assert_eq!(callback.parse::<Url>().unwrap().path(), "/callback");
    ["code", "state", "iss", "error"]
        .into_iter()
        .filter_map(|name| Some((name, parameter(callback, name)?)))
        .collect()
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

fn prepared(request: Builder, body: String, jar: &Jar) -> Request<Body> {
    let mut request = request.header(header::HOST, "localhost:3000");
    if let Some(cookies) = jar.borrow().header() {
        request = request.header(header::COOKIE, cookies);
    }
    if !body.is_empty() {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    request.body(Body::from(body)).unwrap()
}

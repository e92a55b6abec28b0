//! A browser without scripts: cookies of two hosts, and the forms on their pages.

use super::{TestApp, TestResponse, response::parameter};
use axum::{
    body::Body,
    http::{Request, header, request::Builder},
    response::Response,
};
use confidant_test_support::{cookie_jar::CookieJar, test_user::password_of};
use std::{cell::RefCell, collections::BTreeMap};
use url::{Url, form_urlencoded};

type Jar = RefCell<CookieJar>;

/// A browser that uses a [`TestApp`]. It follows no redirects.
pub(crate) struct Browser<'a> {
    app: &'a TestApp,
    server_cookies: Jar,
    provider_cookies: Jar,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(app: &'a TestApp) -> Self {
        Self {
            app,
            server_cookies: Jar::default(),
            provider_cookies: Jar::default(),
        }
    }

    /// Returns the server's cookies, for another browser or after a restart.
    pub(crate) fn cookies(&self) -> BTreeMap<String, String> {
        self.server_cookies.borrow().cookies().clone()
    }

    pub(crate) fn with_cookies(self, cookies: BTreeMap<String, String>) -> Self {
        self.server_cookies.replace(cookies.into());
        self
    }

    /// Sends a GET request, as a program or script does.
    pub(crate) async fn get(&self, path: &str) -> TestResponse {
        self.send(Request::get(path).header("x-csrf", "1"), String::new())
            .await
    }

    /// Sends a POST request with the CSRF header, as a program or script does.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> TestResponse {
        let request = Request::post(path).header("x-csrf", "1");
        self.send(request, form(fields)).await
    }

    /// Submits a plain form of the application.
    pub(crate) async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> TestResponse {
        let request = Request::post(path)
            .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
            .header("origin", "http://localhost:3000")
            .header("referer", "http://localhost:3000/bff/menu")
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-mode", "navigate");
        self.send(request, form(fields)).await
    }

    /// Calls an API, as a script of the application does.
    pub(crate) async fn call(&self, method: &str, path: &str, body: &str) -> TestResponse {
        let request = Request::builder().method(method).uri(path);
        self.send(request.header("x-csrf", "1"), body.to_owned())
            .await
    }

    /// Calls an API with bodies that are streamed.
    pub(crate) async fn stream(&self, method: &str, path: &str, body: Body) -> Response {
        let request = Request::builder().method(method).uri(path);
        let request = build_request(
            request.header("x-csrf", "1"),
            String::new(),
            &self.server_cookies,
        );
        self.app.stream(request.map(|_| body)).await
    }

    /// Navigates to a page.
    pub(crate) async fn open(&self, path: &str) -> TestResponse {
        let request = Request::get(path)
            .header("accept", "text/html,*/*;q=0.8")
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-mode", "navigate");
        self.send(request, String::new()).await
    }

    pub(crate) async fn send(&self, request: Builder, body: String) -> TestResponse {
        let response = self
            .app
            .send(build_request(request, body, &self.server_cookies))
            .await;
        self.server_cookies.borrow_mut().store(&response.headers);
        response
    }

    /// Starts a sign-in. Returns the authorization request's URL.
    pub(crate) async fn start(&self) -> String {
        let response = self
            .post("/auth/login/start", &[("provider", "demo")])
            .await;
        let url = response.success()["authorization_url"].clone();
        url.as_str().unwrap().to_owned()
    }

    /// Signs this user in at the provider and submits `decision` on the consent
    /// page. Returns the URL that the provider redirects to.
    pub(crate) async fn decide(&self, url: &str, user: &str, decision: &str) -> String {
        let login = self
            .send_to_provider(Request::get(url), String::new())
            .await;
        let mut fields = login.hidden();
        fields.extend([
            ("username".into(), user.into()),
            ("password".into(), password_of(user).into()),
            ("decision".into(), "sign_in".into()),
        ]);
        let signed_in = self.submit_at_provider(&login.action(), &fields).await;
        let next = signed_in.location().to_owned();
        let consent = self
            .send_to_provider(Request::get(next), String::new())
            .await;
        let mut fields = consent.hidden();
        fields.push(("decision".into(), decision.into()));
        let decided = self.submit_at_provider(&consent.action(), &fields).await;
        decided.location().to_owned()
    }

    /// Sends the authorization response to the server, as the callback page does.
    pub(crate) async fn finish(&self, callback: &str) -> TestResponse {
        let fields = callback_parameters(callback);
        let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        self.post("/auth/login/finish", &fields).await
    }

    /// Signs this user in.
    pub(crate) async fn sign_in(&self, user: &str) {
        let url = self.start().await;
        let callback = self.decide(&url, user, "allow").await;
        assert_eq!(
            self.finish(&callback).await.success()["return_to"],
            "/bff/menu"
        );
    }

    /// Follows a redirect to the provider.
    pub(crate) async fn follow(&self, url: &str) -> TestResponse {
        self.send_to_provider(Request::get(url), String::new())
            .await
    }

    async fn submit_at_provider(&self, action: &str, fields: &[(String, String)]) -> TestResponse {
        let fields: Vec<_> = fields
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        self.send_to_provider(Request::post(action), form(&fields))
            .await
    }

    async fn send_to_provider(&self, request: Builder, body: String) -> TestResponse {
        let request = build_request(request, body, &self.provider_cookies);
        let response = self.app.send_to_provider(request).await;
        self.provider_cookies.borrow_mut().store(&response.headers);
        response
    }
}

/// Returns the parameters that the callback page sends to the server.
pub(crate) fn callback_parameters(callback: &str) -> Vec<(&'static str, String)> {
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

fn build_request(request: Builder, body: String, jar: &Jar) -> Request<Body> {
    let mut request = request.header(header::HOST, "localhost:3000");
    if let Some(cookies) = jar.borrow().header() {
        request = request.header(header::COOKIE, cookies);
    }
    if !body.is_empty() {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    request.body(Body::from(body)).unwrap()
}

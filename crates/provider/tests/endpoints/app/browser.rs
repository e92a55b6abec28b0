//! A browser with cookies, which follows no redirect by itself.

use std::{cell::RefCell, collections::BTreeMap};

use axum::{
    body::Body,
    http::{HeaderValue, Request, header},
};

use super::{TestApp, TestResponse, form_request, response::Form};

/// A browser in front of a [`TestApp`].
pub(crate) struct TestBrowser<'a> {
    app: &'a TestApp,
    cookies: RefCell<BTreeMap<String, String>>,
}

impl TestApp {
    pub(crate) fn browser(&self) -> TestBrowser<'_> {
        self.browser_with(BTreeMap::new())
    }

    /// Returns a browser with these cookies.
    pub(crate) fn browser_with(&self, cookies: BTreeMap<String, String>) -> TestBrowser<'_> {
        TestBrowser {
            app: self,
            cookies: RefCell::new(cookies),
        }
    }
}

impl TestBrowser<'_> {
    pub(crate) fn cookies(&self) -> BTreeMap<String, String> {
        self.cookies.borrow().clone()
    }

    pub(crate) async fn get(&self, path: &str) -> TestResponse {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    /// Submits a form.
    pub(crate) async fn submit(&self, form: Form) -> TestResponse {
        self.send(form_request(&form.action, &form.fields)).await
    }

    pub(crate) async fn send(&self, mut request: Request<Body>) -> TestResponse {
        let cookies = self.cookies();
        if !cookies.is_empty() {
            let pairs = cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"));
            let value = pairs.collect::<Vec<_>>().join("; ");
            let value = HeaderValue::from_str(&value).unwrap();
            request.headers_mut().insert(header::COOKIE, value);
        }
        let response = self.app.send(request).await;
        for cookie in response.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (pair, attributes) = cookie.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let mut jar = self.cookies.borrow_mut();
            if attributes.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }

    /// Signs in on the login page for `authorize`. Returns the response of the
    /// authorization endpoint after that.
    pub(crate) async fn sign_in(&self, authorize: &str, username: &str) -> TestResponse {
        let password = match username {
            "alice" => "lantern-42",
            _ => "harbour-17",
        };
        let page = self.get(authorize).await;
        assert_eq!(page.heading(), "Sign in");
        let form = page
            .form()
            .with("username", username)
            .with("password", password);
        let response = self.submit(form.with("decision", "sign_in")).await;
        self.get(response.location()).await
    }

    /// Gives consent on a consent page.
    pub(crate) async fn allow(&self, page: &TestResponse) -> TestResponse {
        self.submit(page.form().with("decision", "allow")).await
    }
}

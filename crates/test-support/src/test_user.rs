//! A user of the application at a browser without scripts: cookies for the
//! application and for the provider, and the forms of their pages.

use crate::{
    Error,
    cookie_jar::CookieJar,
    form::Form,
    http::{Response, request, send},
};
use http::Method;
use std::net::SocketAddr;
use url::{Position, Url};

/// Names and passwords of the demo provider's users. Its login page shows them.
pub const USERS: [(&str, &str); 2] = [("alice", "lantern-42"), ("bob", "harbour-17")];

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// More pages and redirects than a sign-in at the demo provider takes.
const LONGEST_SIGN_IN: usize = 8;

/// Returns the password of one of the [`USERS`], or of the last one if there is
/// no user of this name.
pub fn password_of(name: &str) -> &'static str {
    let [(alice, first), (_, second)] = USERS;
    if name == alice { first } else { second }
}

/// A user and the state of the user's browser.
#[derive(Clone, Debug)]
pub struct TestUser {
    name: &'static str,
    provider: SocketAddr,
    app_cookies: CookieJar,
    provider_cookies: CookieJar,
}

impl TestUser {
    /// Returns one of the [`USERS`] by number, not signed in yet.
    pub fn new(number: usize, provider: SocketAddr) -> Self {
        let (name, _) = USERS[number % USERS.len()];
        Self {
            name,
            provider,
            app_cookies: CookieJar::default(),
            provider_cookies: CookieJar::default(),
        }
    }

    /// Returns the `Cookie` header that the browser sends to the application,
    /// empty without a cookie.
    pub fn cookie_header(&self) -> String {
        self.app_cookies.header().unwrap_or_default()
    }

    /// Sends a GET request to a server of the application, as a script of the
    /// page does.
    ///
    /// # Errors
    /// If no response arrives.
    pub async fn get(&mut self, server: SocketAddr, path: &str) -> Result<Response, Error> {
        self.fetch(server, Method::GET, path, "").await
    }

    /// Sends a POST request to a server of the application, as a script of the
    /// page does.
    ///
    /// # Errors
    /// If no response arrives.
    pub async fn post(
        &mut self,
        server: SocketAddr,
        path: &str,
        body: &str,
    ) -> Result<Response, Error> {
        self.fetch(server, Method::POST, path, body).await
    }

    async fn fetch(
        &mut self,
        server: SocketAddr,
        method: Method,
        path: &str,
        body: &str,
    ) -> Result<Response, Error> {
        let headers = [("x-csrf", "1"), FORM];
        exchange(server, method, path, &headers, body, &mut self.app_cookies).await
    }

    /// Navigates to a page of the application. Does not follow redirects.
    ///
    /// # Errors
    /// If no response arrives.
    pub async fn open_page(&mut self, server: SocketAddr, path: &str) -> Result<Response, Error> {
        let headers = [
            ("accept", "text/html"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-site", "same-origin"),
        ];
        let cookies = &mut self.app_cookies;
        exchange(server, Method::GET, path, &headers, "", cookies).await
    }

    /// Submits a form of the application, as a browser without scripts does. Does
    /// not follow redirects.
    ///
    /// # Errors
    /// If no response arrives.
    pub async fn submit(&mut self, server: SocketAddr, form: &Form) -> Result<Response, Error> {
        let headers = [
            ("accept", "text/html"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-site", "same-origin"),
            FORM,
        ];
        let (path, body) = (form.action.as_str(), form.body(&[]));
        let cookies = &mut self.app_cookies;
        exchange(server, Method::POST, path, &headers, &body, cookies).await
    }

    /// Signs in. Sends each request to the next of these servers.
    ///
    /// # Errors
    /// If the application or the provider refuses a step.
    pub async fn sign_in(&mut self, servers: &[SocketAddr]) -> Result<(), Error> {
        let mut servers = servers.iter().copied().cycle();
        let mut next = || servers.next().ok_or_else(|| Error::message("no server"));
        let started = self.post(next()?, "/auth/login/start", "provider=demo");
        let started = started.await?;
        let url = started.json()["authorization_url"].clone();
        let Some(url) = url.as_str() else {
            let text = started.text();
            return Err(Error::message(format!("no authorization URL: {text}")));
        };
        let callback = self.authorize(url).await?;
        self.finish_login(next()?, &callback).await
    }

    /// Sends an authorization request, fills in the provider's login and consent
    /// pages if it shows them, and returns the redirect back to the application.
    ///
    /// # Errors
    /// If the provider shows another page or does not redirect back.
    pub async fn authorize(&mut self, url: &str) -> Result<String, Error> {
        let mut response = self.ask_provider(Method::GET, url, "").await?;
        for _ in 0..LONGEST_SIGN_IN {
            let location = response.header("location").to_owned();
            response = if location.contains("/callback") {
                return Ok(location);
            } else if !location.is_empty() {
                self.ask_provider(Method::GET, &location, "").await?
            } else {
                let form = Form::parse(&response.text())?;
                let body = self.fill_in(&form);
                self.ask_provider(Method::POST, &form.action, &body).await?
            };
        }
        Err(Error::message("the provider does not redirect back"))
    }

    /// Posts the authorization response to the application, as the callback page
    /// does.
    ///
    /// # Errors
    /// If the application refuses it.
    pub async fn finish_login(&mut self, server: SocketAddr, callback: &str) -> Result<(), Error> {
        let query = callback.split_once('?').map_or("", |(_, query)| query);
        let response = self.post(server, "/auth/login/finish", query).await?;
        if response.status.is_success() {
            return Ok(());
        }
        let text = response.text();
        Err(Error::message(format!("not signed in: {text}")))
    }

    fn fill_in(&self, form: &Form) -> String {
        if form.asks_for_password {
            form.body(&[
                ("username", self.name),
                ("password", password_of(self.name)),
                ("decision", "sign_in"),
            ])
        } else {
            form.body(&[("decision", "allow")])
        }
    }

    async fn ask_provider(
        &mut self,
        method: Method,
        address: &str,
        body: &str,
    ) -> Result<Response, Error> {
        let base = Url::parse(&format!("http://{}", self.provider));
        let url = base
            .and_then(|base| base.join(address))
            .map_err(|_| Error::message(format!("not a URL: {address}")))?;
        let path = &url[Position::BeforePath..Position::AfterQuery];
        let cookies = &mut self.provider_cookies;
        exchange(self.provider, method, path, &[FORM], body, cookies).await
    }
}

/// Sends a request with the cookies of the jar, and stores those of the response.
async fn exchange(
    server: SocketAddr,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
    jar: &mut CookieJar,
) -> Result<Response, Error> {
    let cookies = jar.header();
    let mut headers = headers.to_vec();
    headers.extend(cookies.as_deref().map(|cookies| ("cookie", cookies)));
    let response = send(server, request(method, path, &headers, body)?).await?;
    jar.store(&response.headers);
    Ok(response)
}

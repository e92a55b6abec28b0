//! Somebody who signs in: a browser without scripts and pages, with cookies
//! for the application and for the provider.

mod form;

use crate::{
    Error,
    http::{Response, request, send},
};
use form::Form;
use http::{Method, header::SET_COOKIE};
use std::{collections::BTreeMap, net::SocketAddr};
use url::{Url, form_urlencoded};

/// The demo's users, and their passwords, which its login page shows.
pub const USERS: [(&str, &str); 2] = [("alice", "lantern-42"), ("bob", "harbour-17")];

type Jar = BTreeMap<String, String>;

/// A user at a browser.
#[derive(Clone, Debug)]
pub struct TestUser {
    name: &'static str,
    password: &'static str,
    provider: SocketAddr,
    own: Jar,
    providers: Jar,
}

impl TestUser {
    /// One of [`USERS`], by number, not signed in anywhere.
    pub fn new(number: usize, provider: SocketAddr) -> Self {
        let (name, password) = USERS[number % USERS.len()];
        Self {
            name,
            password,
            provider,
            own: Jar::new(),
            providers: Jar::new(),
        }
    }

    /// The cookies that the application gave, as a header.
    pub fn cookie_header(&self) -> String {
        cookies(&self.own)
    }

    /// What a script of ours reads, at any of the servers.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn get(&mut self, server: SocketAddr, path: &str) -> Result<Response, Error> {
        self.call(server, Method::GET, path, "").await
    }

    /// What a script of ours posts.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn post(
        &mut self,
        server: SocketAddr,
        path: &str,
        body: &str,
    ) -> Result<Response, Error> {
        self.call(server, Method::POST, path, body).await
    }

    async fn call(
        &mut self,
        server: SocketAddr,
        method: Method,
        path: &str,
        body: &str,
    ) -> Result<Response, Error> {
        let headers = [("x-csrf", "1"), FORM];
        let answer = fetch(server, method, path, &headers, body, &self.own).await?;
        keep(&answer, &mut self.own);
        Ok(answer)
    }

    /// Opens a page, as a navigation does.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn open_page(&mut self, server: SocketAddr, path: &str) -> Result<Response, Error> {
        let headers = [
            ("accept", "text/html"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-site", "same-origin"),
        ];
        let answer = fetch(server, Method::GET, path, &headers, "", &self.own).await?;
        keep(&answer, &mut self.own);
        Ok(answer)
    }

    /// Signs in, each step at the next of these servers.
    ///
    /// # Errors
    /// When a step does not lead to the next.
    pub async fn sign_in(&mut self, servers: &[SocketAddr]) -> Result<(), Error> {
        let mut servers = servers.iter().copied().cycle();
        let mut next = || servers.next().ok_or_else(|| Error::because("no servers"));
        let started = self.post(next()?, "/auth/login/start", "provider=demo");
        let started = started.await?;
        let address = started.json()["authorization_url"].clone();
        let Some(address) = address.as_str() else {
            return Err(Error::because(format!("no way in: {}", started.text())));
        };
        let callback = self.authorize(address).await?;
        self.finish_login(next()?, &callback).await
    }

    /// Walks through the provider's pages, as far as there are any, to the
    /// address that it leads back to.
    ///
    /// # Errors
    /// When its pages are not what they were.
    pub async fn authorize(&mut self, address: &str) -> Result<String, Error> {
        let mut answer = self.ask_provider(Method::GET, address, "").await?;
        for _ in 0..8 {
            let location = answer.header("location").to_owned();
            answer = if location.contains("/callback") {
                return Ok(location);
            } else if !location.is_empty() {
                self.ask_provider(Method::GET, &location, "").await?
            } else {
                let form = Form::read(&answer.text())?;
                let body = form.filled(self.name, self.password);
                self.ask_provider(Method::POST, &form.action, &body).await?
            };
        }
        Err(Error::because("the provider leads in circles"))
    }

    /// Hands the provider's answer on, as the callback page does.
    ///
    /// # Errors
    /// When nobody is signed in by it.
    pub async fn finish_login(&mut self, server: SocketAddr, callback: &str) -> Result<(), Error> {
        let query = callback.split_once('?').map_or("", |(_, query)| query);
        let answer = self.post(server, "/auth/login/finish", query).await?;
        if answer.status.is_success() {
            return Ok(());
        }
        Err(Error::because(format!("not signed in: {}", answer.text())))
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
            .map_err(|_| Error::because(format!("no address: {address}")))?;
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let answer = fetch(self.provider, method, path, &[FORM], body, &self.providers).await?;
        keep(&answer, &mut self.providers);
        Ok(answer)
    }
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

async fn fetch(
    to: SocketAddr,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
    jar: &Jar,
) -> Result<Response, Error> {
    let cookies = cookies(jar);
    let mut headers = headers.to_vec();
    if !cookies.is_empty() {
        headers.push(("cookie", &cookies));
    }
    send(to, request(method, path, &headers, body)?).await
}

fn cookies(jar: &Jar) -> String {
    let pairs: Vec<_> = jar.iter().map(|(n, v)| format!("{n}={v}")).collect();
    pairs.join("; ")
}

fn keep(answer: &Response, jar: &mut Jar) {
    for cookie in answer.headers.get_all(SET_COOKIE) {
        let text = cookie.to_str().unwrap_or_default();
        let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
        let Some((name, value)) = pair.split_once('=') else {
            continue;
        };
        if attributes.contains("Max-Age=0") {
            jar.remove(name);
        } else {
            jar.insert(name.to_owned(), value.to_owned());
        }
    }
}

impl Form {
    /// Its fields, and whatever it asks of a user.
    fn filled(&self, name: &str, password: &str) -> String {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(&self.hidden);
        if self.asks_for_password {
            body.append_pair("username", name)
                .append_pair("password", password)
                .append_pair("decision", "sign_in");
        } else {
            body.append_pair("decision", "allow");
        }
        body.finish()
    }
}

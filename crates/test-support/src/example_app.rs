//! An example of `confidant-bff` as a process, with a provider, a user, and
//! everything that the user's browser received from it.

use crate::{
    Error,
    form::Form,
    http::{Response, request, send, wait_until_ready},
    ports::free_address,
    process::Process,
    recording_provider::{CLIENT_SECRET, RecordingProvider},
    test_user::TestUser,
};
use http::Method;
use std::{net::SocketAddr, path::Path, process::Command};
use tempfile::TempDir;
use url::{Position, Url};

/// A running example and its user.
pub struct ExampleApp {
    address: SocketAddr,
    provider: RecordingProvider,
    user: TestUser,
    received: Vec<Response>,
    _process: Process,
    _folder: TempDir,
}

impl ExampleApp {
    /// Starts a provider and the example program, in a folder of its own.
    ///
    /// # Errors
    /// If one of them does not start.
    pub async fn start(program: &Path) -> Result<Self, Error> {
        if !program.is_file() {
            let program = program.display();
            return Err(Error::message(format!(
                "{program} is missing: `cargo test -p confidant-bff` builds the examples, \
                 `cargo test --test …` alone does not"
            )));
        }
        let address = free_address()?;
        let url = format!("http://{address}");
        let provider = RecordingProvider::start(&url).await?;
        let folder = tempfile::tempdir()?;
        let mut command = Command::new(program);
        command
            .current_dir(&folder)
            .env("LISTEN", address.to_string())
            .env("PUBLIC_URL", &url)
            .env("ISSUER", provider.issuer())
            .env("DEMO_CLIENT_SECRET", CLIENT_SECRET);
        let log = folder.path().join("example.log");
        let mut process = Process::spawn_with_log(&mut command, &log)?;
        wait_until_ready(&mut process, address, "/auth/login").await?;
        Ok(Self {
            address,
            user: TestUser::new(0, provider.address()),
            provider,
            received: Vec::new(),
            _process: process,
            _folder: folder,
        })
    }

    /// Returns the provider.
    pub fn provider(&self) -> &RecordingProvider {
        &self.provider
    }

    /// Sends a GET request as a script of the page does.
    ///
    /// # Errors
    /// If no response arrives.
    pub async fn get(&mut self, path: &str) -> Result<Response, Error> {
        let response = self.user.get(self.address, path).await?;
        Ok(self.receive(response))
    }

    /// Sends a POST request as a script of the page does.
    ///
    /// # Errors
    /// If no response arrives.
    pub async fn post(&mut self, path: &str, body: &str) -> Result<Response, Error> {
        let response = self.user.post(self.address, path, body).await?;
        Ok(self.receive(response))
    }

    /// Sends a POST request without the header `X-CSRF`, as another site's
    /// script could.
    ///
    /// # Errors
    /// If no response arrives.
    pub async fn post_unmarked(&mut self, path: &str) -> Result<Response, Error> {
        let cookies = self.user.cookie_header();
        let request = request(Method::POST, path, &[("cookie", &cookies)], "")?;
        let response = send(self.address, request).await?;
        Ok(self.receive(response))
    }

    /// Navigates to a page. Does not follow redirects.
    ///
    /// # Errors
    /// If no response arrives.
    pub async fn open(&mut self, path: &str) -> Result<Response, Error> {
        let response = self.user.open_page(self.address, path).await?;
        Ok(self.receive(response))
    }

    /// Submits the form of a page that leads to this address. Does not follow
    /// redirects.
    ///
    /// # Errors
    /// If the page has no such form, or no response arrives.
    pub async fn submit(&mut self, page: &Response, action: &str) -> Result<Response, Error> {
        let form = Form::find(&page.text(), action)?;
        let response = self.user.submit(self.address, &form).await?;
        Ok(self.receive(response))
    }

    /// Goes from an authorization URL through the pages of the provider and the
    /// callback page of the application, without scripts. Returns where the
    /// application redirects the browser in the end.
    ///
    /// # Errors
    /// If the provider or the application refuses a step.
    pub async fn authorize(&mut self, url: &str) -> Result<String, Error> {
        let callback = self.user.authorize(url).await?;
        let callback = Url::parse(&callback).map_err(|error| Error::message(error.to_string()))?;
        let path = &callback[Position::BeforePath..Position::AfterQuery];
        let page = self.open(path).await?;
        let finished = self.submit(&page, "/auth/login/finish").await?;
        match finished.header("location") {
            "" => Err(Error::message(format!(
                "not signed in: {}",
                finished.text()
            ))),
            location => Ok(location.to_owned()),
        }
    }

    /// Returns the first secret that a response to the browser contained: a
    /// token that the provider has issued, or the client secret.
    pub fn leaked_secret(&self) -> Option<String> {
        let mut secrets = self.provider.issued_tokens();
        secrets.push(CLIENT_SECRET.to_owned());
        let texts: Vec<_> = self.received.iter().map(everything).collect();
        secrets
            .into_iter()
            .find(|secret| texts.iter().any(|text| text.contains(secret.as_str())))
    }

    fn receive(&mut self, response: Response) -> Response {
        self.received.push(response.clone());
        response
    }
}

/// Returns the headers and the body of a response.
fn everything(response: &Response) -> String {
    let headers = response.headers.iter();
    let headers: String = headers
        .map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    headers + &response.text()
}

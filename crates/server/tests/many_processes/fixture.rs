//! What the tests have in common: deployments of the tested binary, and users
//! whose access token has expired.

use confidant_test_support::{
    Error,
    deployment::{Deployment, DeploymentConfig, Server},
    http::Response,
    postgres::Postgres,
    test_user::TestUser,
};
use std::{
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};
use tokio::net::TcpListener;

/// The path of an API request that needs an access token.
pub(crate) const API_PATH: &str = "/api/demo/me";
/// The body of the API's response.
pub(crate) const API_BODY: &str = "answered";

/// Starts the provider, and writes a configuration for servers on this store. Their
/// API accepts any token.
pub(crate) async fn deployment(
    postgres: Option<&Postgres>,
    config: DeploymentConfig,
) -> Deployment {
    let config = DeploymentConfig {
        store: postgres.map(Postgres::url),
        upstream: Some(format!("http://{}", start_api().await)),
        ..config
    };
    let binary = Path::new(env!("CARGO_BIN_EXE_confidant"));
    Deployment::start(binary, &config).await.unwrap()
}

async fn start_api() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let api = axum::Router::new().fallback(async || API_BODY);
    tokio::spawn(axum::serve(listener, api).into_future());
    address
}

/// Signs a user in and expires the access token.
pub(crate) async fn expired_user(
    number: usize,
    deployment: &Deployment,
    servers: &[SocketAddr],
) -> TestUser {
    let mut user = TestUser::new(number, deployment.provider());
    user.sign_in(servers).await.unwrap();
    let response = user.post(servers[0], "/auth/expire", "").await.unwrap();
    assert!(response.status.is_success(), "{}", response.text());
    user
}

/// Repeats an API request until the response is something other than 503, and
/// returns that response. Also repeats a request without a response, because the
/// server may be down.
pub(crate) async fn retry_while_unavailable(user: &mut TestUser, server: SocketAddr) -> Response {
    let deadline = Instant::now() + Duration::from_secs(40);
    loop {
        match user.get(server, API_PATH).await {
            Ok(response) if response.status != 503 => return response,
            outcome => assert!(Instant::now() < deadline, "{server}: {outcome:?}"),
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Navigates to a page and follows the redirect to the provider, which must answer
/// without showing a page of its own.
pub(crate) async fn reauthenticate_silently(
    user: &mut TestUser,
    server: SocketAddr,
) -> Result<(), Error> {
    let page = user.open_page(server, "/bff/menu").await?;
    assert_eq!(page.status, 303, "{}", page.text());
    let url = page.header("location").to_owned();
    assert!(url.contains("prompt=none"), "{url}");
    let callback = user.authorize(&url).await?;
    assert!(callback.contains("code="), "{callback}");
    user.finish_login(server, &callback).await
}

/// Returns the logs of all servers, for the message of a failed assertion.
pub(crate) fn logs(servers: &[Server]) -> String {
    let logs = servers.iter().map(|server| server.process.log());
    logs.collect::<Vec<_>>().join("\n---\n")
}

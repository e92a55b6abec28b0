//! What every trial begins with.

use confidant_test_support::{
    Error,
    deployment::{Deployment, DeploymentConfig, Server},
    http::Response,
    postgres::{Durability, Postgres, Programs},
    test_user::TestUser,
};
use std::{
    env,
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};

/// The program under trial.
pub(crate) fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_confidant"))
}

/// A call that needs an access token.
pub(crate) const CALL: &str = "/api/demo/me";

/// A Postgres of the test's own. None, and a word about it, where there is
/// none to be had; in CI that fails.
#[allow(
    clippy::explicit_write,
    reason = "the test harness keeps what eprintln! prints"
)]
pub(crate) fn postgres(fact: &str) -> Option<Postgres> {
    use std::io::Write;
    let Some(programs) = Programs::find() else {
        assert!(env::var_os("CI").is_none(), "there is no Postgres");
        writeln!(std::io::stderr(), "LEFT OUT, there is no Postgres: {fact}").unwrap();
        return None;
    };
    let folder = env::temp_dir();
    Some(Postgres::start(&programs, &folder, Durability::None).unwrap())
}

/// Servers on this store, whose calls go to an API that does nothing but
/// answer.
pub(crate) async fn deployment(
    postgres: Option<&Postgres>,
    config: DeploymentConfig,
) -> Deployment {
    let config = DeploymentConfig {
        store: postgres.map(Postgres::url),
        upstream: Some(format!("http://{}", upstream().await)),
        ..config
    };
    Deployment::start(binary(), &config).await.unwrap()
}

/// An API that takes any token.
async fn upstream() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let answer = axum::Router::new().fallback(async || "answered");
    tokio::spawn(axum::serve(listener, answer).into_future());
    address
}

/// Somebody who is signed in and whose access token has run out.
pub(crate) async fn expired(
    number: usize,
    deployment: &Deployment,
    servers: &[SocketAddr],
) -> TestUser {
    let mut user = TestUser::new(number, deployment.provider());
    user.sign_in(servers).await.unwrap();
    expire(&mut user, servers[0]).await;
    user
}

/// Lets the user's access token run out.
pub(crate) async fn expire(user: &mut TestUser, server: SocketAddr) {
    let answer = user.post(server, "/auth/expire", "").await.unwrap();
    assert!(answer.status.is_success(), "{}", answer.text());
}

/// Repeats a call for as long as it is told to come back, and gives the first
/// other answer. That no answer comes is told as well: a server may be down.
pub(crate) async fn retry_while_unavailable(user: &mut TestUser, server: SocketAddr) -> Response {
    let over = Instant::now() + Duration::from_secs(40);
    loop {
        match user.get(server, CALL).await {
            Ok(answer) if answer.status != 503 => return answer,
            told => assert!(Instant::now() < over, "{server}: {told:?}"),
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Opens a page and is led past the provider, which must ask nothing: the
/// silent way back.
pub(crate) async fn reauthenticate_silently(
    user: &mut TestUser,
    server: SocketAddr,
) -> Result<(), Error> {
    let page = user.open_page(server, "/bff/menu").await?;
    assert_eq!(page.status, 303, "{}", page.text());
    let address = page.header("location").to_owned();
    assert!(address.contains("prompt=none"), "{address}");
    let callback = user.authorize(&address).await?;
    assert!(callback.contains("code="), "{callback}");
    user.finish_login(server, &callback).await
}

/// What a server said, where it said too much or too little.
pub(crate) fn logs(servers: &[Server]) -> String {
    let logs = servers.iter().map(|server| server.process.log());
    logs.collect::<Vec<_>>().join("\n---\n")
}

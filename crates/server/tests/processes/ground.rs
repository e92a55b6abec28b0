//! What every trial begins with.

use confidant_test_support::{
    Trouble,
    deployment::{Deployment, Server, Setup},
    http::Answer,
    person::Person,
    postgres::{Care, Postgres, Programs},
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
    Some(Postgres::start(&programs, &folder, Care::None).unwrap())
}

/// Servers on this store, whose calls go to an API that does nothing but
/// answer.
pub(crate) async fn deployment(postgres: Option<&Postgres>, setup: Setup) -> Deployment {
    let setup = Setup {
        store: postgres.map(Postgres::url),
        upstream: Some(format!("http://{}", upstream().await)),
        ..setup
    };
    Deployment::start(binary(), &setup).await.unwrap()
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
) -> Person {
    let mut person = Person::new(number, deployment.provider());
    person.sign_in(servers).await.unwrap();
    expire(&mut person, servers[0]).await;
    person
}

/// Lets the person's access token run out.
pub(crate) async fn expire(person: &mut Person, server: SocketAddr) {
    let answer = person.post(server, "/auth/expire", "").await.unwrap();
    assert!(answer.status.is_success(), "{}", answer.text());
}

/// Repeats a call for as long as it is told to come back, and gives the first
/// other answer. That no answer comes is told as well: a server may be down.
pub(crate) async fn call_until_settled(person: &mut Person, server: SocketAddr) -> Answer {
    let over = Instant::now() + Duration::from_secs(40);
    loop {
        match person.get(server, CALL).await {
            Ok(answer) if answer.status != 503 => return answer,
            told => assert!(Instant::now() < over, "{server}: {told:?}"),
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Opens a page and is led past the provider, which must ask nothing: the
/// silent way back.
pub(crate) async fn come_back(person: &mut Person, server: SocketAddr) -> Result<(), Trouble> {
    let page = person.open(server, "/bff/menu").await?;
    assert_eq!(page.status, 303, "{}", page.text());
    let address = page.header("location").to_owned();
    assert!(address.contains("prompt=none"), "{address}");
    let callback = person.at_provider(&address).await?;
    assert!(callback.contains("code="), "{callback}");
    person.finish(server, &callback).await
}

/// What a server said, where it said too much or too little.
pub(crate) fn logs(servers: &[Server]) -> String {
    let logs = servers.iter().map(|server| server.process.log());
    logs.collect::<Vec<_>>().join("\n---\n")
}

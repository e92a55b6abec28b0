//! The servers that tests use, and the one place that decides what happens
//! without Postgres: a test prints a line and passes, but fails in CI.

use super::{
    programs::Programs,
    server::{Durability, Postgres},
};
use crate::Error;
use std::{
    env,
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError, Weak},
};

/// The environment variable with the URL of a server where tests may create and
/// drop databases. `cargo xtask test` sets it.
pub const SERVER_VARIABLE: &str = "CONFIDANT_TEST_POSTGRES";

/// The server that the running tests of this process share.
static SHARED: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());

/// A server for tests that create a database each.
#[derive(Clone, Debug)]
pub enum SharedServer {
    /// The server that [`SERVER_VARIABLE`] names.
    External(String),
    /// A server of this process, which runs as long as a test uses it.
    Own(Arc<Postgres>),
}

impl SharedServer {
    /// Returns the URL of a database whose user may create others.
    pub fn url(&self) -> String {
        match self {
            Self::External(url) => url.clone(),
            Self::Own(server) => server.url(),
        }
    }
}

/// Returns the server that tests share: the one that [`SERVER_VARIABLE`] names,
/// or one that is started for them. Returns `None`, and prints that `test` is
/// left out, if Postgres is not installed.
///
/// # Errors
/// If the server does not start, and in CI also if Postgres is not installed.
pub fn shared_server(test: &str) -> Result<Option<SharedServer>, Error> {
    if let Ok(url) = env::var(SERVER_VARIABLE) {
        return Ok(Some(SharedServer::External(url)));
    }
    let Some(programs) = programs_for(test)? else {
        return Ok(None);
    };
    // A test that panics while it holds the lock leaves nothing half-changed.
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    let server = match shared.upgrade() {
        Some(server) => server,
        None => Arc::new(start(&programs)?),
    };
    *shared = Arc::downgrade(&server);
    Ok(Some(SharedServer::Own(server)))
}

/// Starts a server for one test alone, which may crash it. Returns `None`, and
/// prints that `test` is left out, if Postgres is not installed.
///
/// # Errors
/// If the server does not start, and in CI also if Postgres is not installed.
pub fn own_server(test: &str) -> Result<Option<Postgres>, Error> {
    let programs = programs_for(test)?;
    programs.as_ref().map(start).transpose()
}

fn start(programs: &Programs) -> Result<Postgres, Error> {
    Postgres::start(programs, &env::temp_dir(), Durability::Relaxed)
}

#[allow(
    clippy::explicit_write,
    reason = "the test harness captures what eprintln! prints"
)]
fn programs_for(test: &str) -> Result<Option<Programs>, Error> {
    let programs = Programs::find();
    if programs.is_none() {
        if is_ci() {
            return Err(Error::message("there is no Postgres, but this is CI"));
        }
        writeln!(io::stderr(), "LEFT OUT, there is no Postgres: {test}")?;
    }
    Ok(programs)
}

/// Returns whether the variable `CI` says that no test may be left out.
pub fn is_ci() -> bool {
    env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

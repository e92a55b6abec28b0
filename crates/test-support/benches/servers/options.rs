//! The command line: pairs of `--name value`.

use confidant_test_support::{
    Error,
    postgres::{Durability, Postgres, Programs},
};
use std::{collections::BTreeMap, path::PathBuf};

/// How often each benchmark runs. The report has every result and the median.
pub(crate) const ROUNDS: usize = 3;

/// The parsed command line.
#[derive(Debug)]
pub(crate) struct Options {
    /// The program `confidant`.
    pub(crate) server: PathBuf,
    /// The benchmark program of session look-ups.
    pub(crate) session_lookups: PathBuf,
    /// The program wrk, if it is installed.
    pub(crate) wrk: Option<PathBuf>,
    /// The program nginx, if it is installed.
    pub(crate) nginx: Option<PathBuf>,
    /// The file to write the results to.
    pub(crate) output: PathBuf,
    /// A folder for databases, on a disk.
    pub(crate) scratch: PathBuf,
    /// The benchmarks to run; all of them if empty.
    only: Vec<String>,
    postgres: Option<Programs>,
}

impl Options {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, Error> {
        let mut given = BTreeMap::new();
        while let Some(name) = arguments.next() {
            let value = arguments.next();
            let (Some(name), Some(value)) = (name.strip_prefix("--"), value) else {
                return Err(Error::message(format!("expected `--name value`: {name}")));
            };
            given.insert(name.to_owned(), value);
        }
        let mut required = |name: &str| {
            let value = given.remove(name).map(PathBuf::from);
            value.ok_or_else(|| Error::message(format!("--{name} is missing")))
        };
        let (server, session_lookups) = (required("server")?, required("session-lookups")?);
        let (output, scratch) = (required("output")?, required("scratch")?);
        let mut optional = |name: &str| given.remove(name);
        Ok(Self {
            server,
            session_lookups,
            output,
            scratch,
            wrk: optional("wrk").map(PathBuf::from),
            nginx: optional("nginx").map(PathBuf::from),
            only: optional("only")
                .iter()
                .flat_map(|names| names.split(',').map(str::to_owned))
                .collect(),
            postgres: Programs::find(),
        })
    }

    /// Returns whether to run this benchmark.
    pub(crate) fn includes(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|one| one == name)
    }

    /// Starts a Postgres with its default durability, if it is installed.
    pub(crate) fn start_postgres(&self) -> Result<Option<Postgres>, Error> {
        let start = |programs| Postgres::start(programs, &self.scratch, Durability::Full);
        self.postgres.as_ref().map(start).transpose()
    }
}

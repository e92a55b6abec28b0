//! What the command is told: `--name value`, and nothing else.

use confidant_test_support::{
    Error,
    postgres::{Durability, Postgres, Programs},
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Where things are.
#[derive(Debug)]
pub(crate) struct Options {
    /// The server.
    pub(crate) server: PathBuf,
    /// The plain proxy.
    pub(crate) plain_proxy: PathBuf,
    /// The program that looks sessions up.
    pub(crate) session_lookups: PathBuf,
    /// wrk, where there is one.
    pub(crate) wrk: Option<PathBuf>,
    /// nginx, where there is one.
    pub(crate) nginx: Option<PathBuf>,
    /// Where the figures go.
    pub(crate) output: PathBuf,
    /// Where a database may lie: on a disk.
    pub(crate) scratch: PathBuf,
    /// The legs to run; all of them where none is named.
    legs: Vec<String>,
    programs: Option<Programs>,
}

impl Options {
    pub(crate) fn read(arguments: impl Iterator<Item = String>) -> Result<Self, Error> {
        let mut given = BTreeMap::new();
        let mut arguments = arguments.peekable();
        while let Some(name) = arguments.next() {
            let value = arguments.next();
            let (Some(name), Some(value)) = (name.strip_prefix("--"), value) else {
                return Err(Error::Because(format!("what is {name}?")));
            };
            given.insert(name.to_owned(), value);
        }
        let mut needed = |name: &str| {
            let value = given.remove(name).map(PathBuf::from);
            value.ok_or_else(|| Error::Because(format!("--{name} is missing")))
        };
        let (server, plain_proxy, session_lookups) = (
            needed("server")?,
            needed("plain-proxy")?,
            needed("session-lookups")?,
        );
        let (output, scratch) = (needed("output")?, needed("scratch")?);
        let mut optional = |name: &str| given.remove(name);
        Ok(Self {
            server,
            plain_proxy,
            session_lookups,
            output,
            scratch,
            wrk: optional("wrk").map(PathBuf::from),
            nginx: optional("nginx").map(PathBuf::from),
            legs: optional("legs")
                .iter()
                .flat_map(|legs| legs.split(',').map(str::to_owned))
                .collect(),
            programs: Programs::find(),
        })
    }

    pub(crate) fn wants(&self, leg: &str) -> bool {
        self.legs.is_empty() || self.legs.iter().any(|named| named == leg)
    }

    /// A Postgres as it is installed, where there is one.
    pub(crate) fn postgres(&self) -> Result<Option<Postgres>, Error> {
        let start = |programs| Postgres::start(programs, self.scratch(), Durability::Full);
        self.programs.as_ref().map(start).transpose()
    }

    pub(crate) fn scratch(&self) -> &Path {
        &self.scratch
    }
}

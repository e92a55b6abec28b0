//! The URL of a store.

use confidant_protocol::loopback::is_loopback;
use sqlx::{
    postgres::{PgConnectOptions, PgSslMode},
    sqlite::SqliteConnectOptions,
};
use std::{borrow::Cow, fmt, path::Path, str::FromStr};
use url::Url;

/// Why a URL is not that of a store. Contains no password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    /// The database is not supported, or is a SQLite database without a file,
    /// which would be lost with the process.
    #[error(
        "{0:?} is not the URL of a store: expected \"sqlite:PATH\" or \"postgres://USER@HOST/DATABASE\""
    )]
    Unknown(String),
    /// A Postgres URL is malformed.
    #[error("this is not the URL of a Postgres database: {0}")]
    Postgres(String),
}

/// The URL of a store. Displayed without its password.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreUrl(String);

impl StoreUrl {
    /// Returns the file of a SQLite database.
    pub fn file(&self) -> Option<&Path> {
        let path = self.0.strip_prefix("sqlite:")?;
        Some(Path::new(path.strip_prefix("//").unwrap_or(path)))
    }

    pub(super) fn address(&self) -> Result<Address, BadUrl> {
        Address::from_str(&self.0)
    }
}

impl FromStr for StoreUrl {
    type Err = BadUrl;

    fn from_str(url: &str) -> Result<Self, BadUrl> {
        Address::from_str(url)?;
        Ok(Self(url.to_owned()))
    }
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&without_password(&self.0))
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn without_password(url: &str) -> Cow<'_, str> {
    let postgres = url.starts_with("postgres");
    let Some(mut shown) = Url::parse(url).ok().filter(|_| postgres) else {
        return url.into();
    };
    // It fails only for URLs that cannot have a password.
    let _ = shown.set_password(None);
    let parameters: Vec<(String, String)> = shown
        .query_pairs()
        .into_owned()
        .filter(|(key, _)| key != "password")
        .collect();
    shown.set_query(None);
    if !parameters.is_empty() {
        shown.query_pairs_mut().extend_pairs(parameters);
    }
    String::from(shown).into()
}

/// The connection options of a store.
pub(super) enum Address {
    Sqlite(Box<SqliteConnectOptions>),
    Postgres(Box<PgConnectOptions>),
}

impl FromStr for Address {
    type Err = BadUrl;

    fn from_str(url: &str) -> Result<Self, BadUrl> {
        let unknown = |shown: &str| BadUrl::Unknown(shown.to_owned());
        match url.split_once(':') {
            Some(("sqlite", path))
                if !matches!(path, "" | "//" | ":memory:" | "//:memory:")
                    && !path.contains('?') =>
            {
                SqliteConnectOptions::from_str(url)
                    .map(|options| Self::Sqlite(Box::new(options)))
                    .map_err(|_| unknown(url))
            }
            Some(("sqlite", _)) | None => Err(unknown(url)),
            Some(("postgres" | "postgresql", _)) => PgConnectOptions::from_str(url)
                .map(|options| Self::Postgres(Box::new(verified(options, url))))
                .map_err(|error| BadUrl::Postgres(error.to_string())),
            // The rest may contain a password.
            Some((scheme, _)) => Err(unknown(&format!("{scheme}:"))),
        }
    }
}

/// Demands a certificate for the server's name, unless the URL says something else
/// about TLS or the server is on this machine: what stands between the two could
/// read and write every session.
fn verified(options: PgConnectOptions, url: &str) -> PgConnectOptions {
    let is_local = options.get_socket().is_some()
        || options.get_host().starts_with('/')
        || is_loopback(options.get_host());
    let is_default = matches!(options.get_ssl_mode(), PgSslMode::Prefer);
    if is_local || !is_default || url.contains("sslmode=") || url.contains("ssl-mode=") {
        return options;
    }
    options.ssl_mode(PgSslMode::VerifyFull)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_postgres_servers_are_stores_and_nothing_else_is() {
        for (url, file) in [
            ("sqlite:confidant.db", Some("confidant.db")),
            ("sqlite://confidant.db", Some("confidant.db")),
            ("sqlite:///var/lib/a.db", Some("/var/lib/a.db")),
            ("postgres://confidant@db.example/confidant", None),
            ("postgresql:///confidant?host=/run/postgresql", None),
        ] {
            let url: StoreUrl = url.parse().unwrap();
            assert_eq!(url.file(), file.map(Path::new), "{url}");
        }
        for url in [
            "",
            "confidant.db",
            "sqlite:",
            "sqlite::memory:",
            "sqlite://:memory:",
            "sqlite:a.db?mode=memory",
            "mysql://root@localhost/a",
            "postgres://localhost:port/a",
        ] {
            assert!(url.parse::<StoreUrl>().is_err(), "{url}");
        }
    }

    #[test]
    fn no_password_is_displayed_or_reported_in_an_error() {
        for url in [
            "postgres://confidant:hush@db.example/confidant",
            "postgres://db.example/confidant?user=confidant&password=hush",
            "postgres://confidant:hush@db.example:port/confidant",
            "postgress://confidant:hush@db.example/confidant",
        ] {
            let shown = match url.parse::<StoreUrl>() {
                Ok(url) => format!("{url} {url:?}"),
                Err(error) => format!("{error} {error:?}"),
            };
            assert!(!shown.contains("hush"), "{shown}");
        }
        let url = "postgres://confidant:hush@db.example/c?sslmode=require";
        assert_eq!(
            url.parse::<StoreUrl>().unwrap().to_string(),
            "postgres://confidant@db.example/c?sslmode=require"
        );
    }

    #[test]
    fn a_postgres_server_on_another_machine_needs_a_certificate_for_its_name() {
        let mode = |url: &str| match url.parse::<Address>() {
            Ok(Address::Postgres(options)) => format!("{:?}", options.get_ssl_mode()),
            _ => String::new(),
        };
        for (url, expected) in [
            ("postgres://confidant@db.example/c", "VerifyFull"),
            ("postgres://confidant@10.0.0.7/c", "VerifyFull"),
            (
                "postgres://confidant@db.example/c?sslmode=require",
                "Require",
            ),
            ("postgres://confidant@db.example/c?sslmode=prefer", "Prefer"),
            ("postgres://confidant@localhost/c", "Prefer"),
            ("postgres://confidant@127.0.0.1:5433/c", "Prefer"),
            ("postgresql:///c?host=/run/postgresql", "Prefer"),
        ] {
            assert_eq!(mode(url), expected, "{url}");
        }
    }
}

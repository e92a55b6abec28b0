//! The record as whoever holds the lock may rely on it.

use super::PublicClient;
use crate::{
    Error,
    platform::Platform,
    refresh::ledger::{Entry, OVER, Standing, Verdict, verdict},
    settings::Storage,
    token::{Grant, stored::Stored},
};

/// How often one looks whether a newer record has arrived, and how long one
/// waits in between, in milliseconds. A living browser takes a few of them.
const LOOKS: u32 = 250;
const PAUSE: u32 = 20;
/// How long one waits for a newer record where nothing tells whether there is
/// one, in milliseconds.
const BLIND: u32 = 150;

impl<P: Platform> PublicClient<P> {
    /// The newest record, while holding the lock. Its `doubtful` is what the
    /// ledger says; an announced flight has been settled.
    pub(super) async fn load_newest(&self) -> Result<Stored, Error> {
        let mut stored = self.load().await?;
        let mut last = None;
        for look in 0..LOOKS {
            let written = match self.written(&stored).await {
                Ok(written) => written,
                Err(_) if look == 0 => {
                    self.inner.platform.sleep(BLIND).await;
                    stored = self.load().await?;
                    None
                }
                Err(_) => None,
            };
            match verdict(grant(&stored), written.as_deref()) {
                Verdict::Newest(standing) => {
                    if let Stored::Grant(grant) = &mut stored {
                        grant.intent = None;
                        grant.doubtful = standing == Standing::Doubtful;
                    }
                    return Ok(stored);
                }
                Verdict::Stale => self.inner.platform.sleep(PAUSE).await,
            }
            last = written;
            stored = self.load().await?;
        }
        if last.as_deref() == Some(OVER) {
            // A sign-out that did not get round is one all the same.
            return Ok(Stored::Nothing);
        }
        // The tab that had it was closed before its record left it.
        if let Stored::Grant(grant) = &mut stored {
            grant.intent = None;
            grant.doubtful = true;
        }
        Ok(stored)
    }

    /// Writes down how a grant stands, and says whether it could. Where there is
    /// no database, the record has to do.
    pub(super) async fn enter(&self, grant: &Grant, standing: Standing) -> bool {
        let line = Entry::of(grant, standing).write();
        self.write_line(Some(&grant.id), &line).await
    }

    /// Writes down that nobody is signed in.
    pub(super) async fn enter_over(&self, id: Option<&str>) {
        self.write_line(id, OVER).await;
    }

    async fn write_line(&self, id: Option<&str>, line: &str) -> bool {
        let Some(key) = self.ledger_key(id) else {
            return false;
        };
        let platform = &self.inner.platform;
        let Ok(before) = platform.line(&key).await else {
            return false;
        };
        // We hold the lock: nobody else writes.
        let written = platform.swap_line(&key, before.as_deref(), line).await;
        written.unwrap_or(false)
    }

    async fn written(&self, stored: &Stored) -> Result<Option<String>, Error> {
        let id = grant(stored).map(|grant| grant.id.as_str());
        match self.ledger_key(id) {
            Some(key) => self.inner.platform.line(&key).await,
            None => Ok(None),
        }
    }

    /// All tabs have one grant in localStorage. In sessionStorage each has its
    /// own, unless it is a duplicate, so each grant has its own line. What is
    /// in a page's memory no other tab can have.
    fn ledger_key(&self, id: Option<&str>) -> Option<String> {
        match self.inner.settings.storage {
            Storage::Local => Some(self.key("ledger")),
            Storage::Session => Some(self.key(&format!("ledger/{}", id?))),
            Storage::Memory | Storage::WebWorker { .. } => None,
        }
    }
}

fn grant(stored: &Stored) -> Option<&Grant> {
    match stored {
        Stored::Grant(grant) => Some(grant),
        _ => None,
    }
}

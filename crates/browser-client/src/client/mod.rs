//! The public client.

pub(crate) mod calls;
mod duplicates;
pub(crate) mod fetch;
mod flight;
mod keep;
mod ledger;
mod lock;
mod sign_in;
mod sign_out;
#[cfg(test)]
pub(crate) mod tests;

pub use calls::Answer;
pub use sign_out::SignedOut;

use crate::{
    Error, Held, Settings,
    platform::{Area, Platform},
    provider::Metadata,
    refresh::age::Sighting,
    report::journal::Journal,
    token::{Grant, stored::Stored},
};
use confidant_protocol::refresh_policy::Freshness;
use confidant_wire::{Cause, Change, Report};
use std::{cell::RefCell, rc::Rc};

/// A public OAuth client at one provider (RFC 10017, section 6.3). A clone is
/// the same client. Keep one for as long as the page lives: it remembers what
/// it has seen of the clock.
///
/// Every operation may fail with [`Kind::StorageBlocked`](crate::Kind) or
/// [`Kind::StorageFull`](crate::Kind), and those that send something with
/// [`Kind::Unreachable`](crate::Kind), [`Kind::TimedOut`](crate::Kind) and
/// [`Kind::ProviderMisbehaved`](crate::Kind).
pub struct PublicClient<P> {
    inner: Rc<Inner<P>>,
}

struct Inner<P> {
    settings: Settings,
    platform: P,
    name: String,
    metadata: RefCell<Option<Rc<Metadata>>>,
    seen: RefCell<Option<Sighting>>,
    rest: RefCell<Option<Rest>>,
}

impl<P> Clone for PublicClient<P> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
        }
    }
}

/// After a refusal the provider is left alone for a while.
struct Rest {
    /// Until then, by the steady clock.
    until: u64,
    /// What callers are told meanwhile.
    why: Error,
}

/// Whether somebody is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// Who, if anybody.
    pub signed_in: Option<SignedIn>,
    /// Why the session that was there is over.
    pub ended: Option<Error>,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The subject of the ID token; empty where there was none.
    pub subject: String,
    /// The name to greet with.
    pub name: String,
    /// When the session began, in Unix milliseconds by this browser's clock.
    pub since: u64,
}

/// How refreshes in several tabs are kept from running at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coordination {
    /// By Web Locks.
    WebLocks,
    /// By a lease in IndexedDB, as this browser has no Web Locks here. As
    /// exact, but a tab that dies with it holds the others up for half a
    /// minute.
    Lease,
}

impl<P: Platform> PublicClient<P> {
    /// A client with these settings, in this world.
    pub fn on(platform: P, settings: Settings) -> Self {
        let client = Self {
            inner: Rc::new(Inner {
                name: settings.name(),
                settings,
                platform,
                metadata: RefCell::default(),
                seen: RefCell::default(),
                rest: RefCell::default(),
            }),
        };
        client.hear_duplicates();
        client
    }

    /// Who is signed in. Contacts nobody.
    ///
    /// # Errors
    /// Where the storage is blocked.
    pub async fn session(&self) -> Result<Session, Error> {
        Ok(match self.load().await? {
            Stored::Nothing => Session::default(),
            Stored::Grant(grant) => Session {
                signed_in: Some(SignedIn {
                    subject: grant.subject,
                    name: grant.name,
                    since: grant.since,
                }),
                ended: None,
            },
            other => Session {
                signed_in: None,
                ended: other.into_grant().err(),
            },
        })
    }

    /// The tokens as they are. Contacts nobody.
    ///
    /// # Errors
    /// Where nobody is signed in.
    pub async fn token(&self) -> Result<Held, Error> {
        let grant = self.load().await?.into_grant()?;
        Ok(self.hold(&grant))
    }

    /// A token that has not run out. The last part of its life it is refreshed
    /// behind the caller, who waits for a refresh only after real expiry.
    ///
    /// # Errors
    /// Where there is none to be had; [`Kind::Reauthorize`](crate::Kind) where
    /// [`start_silently`](Self::start_silently) is the way to one.
    pub async fn access_token(&self) -> Result<Held, Error> {
        let grant = self.current(Freshness::Valid, Cause::Automatic).await?;
        Ok(self.hold(&grant))
    }

    /// Refreshes now. If another tab does at the same time, its token counts.
    ///
    /// # Errors
    /// As [`access_token`](Self::access_token).
    pub async fn refresh(&self) -> Result<Held, Error> {
        let before = self.load().await?.into_grant()?;
        let newer = Freshness::NewerThan(before.serial);
        let grant = self.current(newer, Cause::Manual).await?;
        Ok(self.hold(&grant))
    }

    /// Forgets that the access token is fresh, so that the next call refreshes.
    ///
    /// # Errors
    /// Where nobody is signed in.
    pub async fn expire(&self) -> Result<Held, Error> {
        let grant = self
            .locked(|client| async move {
                let mut grant = client.load_newest().await?.into_grant()?;
                grant.expired = true;
                client.save(&grant).await?;
                Ok(grant)
            })
            .await?;
        Ok(self.hold(&grant))
    }

    /// What this tab did last and what travelled for it. It survives a reload
    /// and holds no secrets.
    pub async fn report(&self) -> Report {
        self.journal().into_report()
    }

    /// How tabs are kept apart in this browser.
    pub fn coordination(&self) -> Coordination {
        match self.inner.platform.has_locks() {
            true => Coordination::WebLocks,
            false => Coordination::Lease,
        }
    }

    pub(crate) fn journal(&self) -> Journal {
        let stored = self.inner.platform.read(Area::Tab, &self.key("journal"));
        Journal::read(stored.ok().flatten().as_deref())
    }

    pub(crate) fn note(&self, write: impl FnOnce(&mut Journal)) {
        let mut journal = self.journal();
        write(&mut journal);
        // A journal that cannot be kept is no reason to fail.
        let platform = &self.inner.platform;
        let _ = platform.write(Area::Tab, &self.key("journal"), &journal.write());
    }

    fn changed(&self, cause: Cause, before: &Grant, after: &Grant) {
        let change = Change {
            cause,
            before: self.hold(before).view(),
            after: self.hold(after).view(),
        };
        self.note(|journal| journal.changed(Some(change)));
    }

    pub(crate) fn platform(&self) -> &P {
        &self.inner.platform
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The name of one stored thing of this client.
    pub(crate) fn key(&self, thing: &str) -> String {
        format!("{}/{thing}", self.inner.name)
    }
}

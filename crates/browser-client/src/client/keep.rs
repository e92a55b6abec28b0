//! Where the grant is kept, and how old its token is.

use super::PublicClient;
use crate::{
    Error, Held,
    error::Kind,
    platform::{Area, Platform, Reading},
    refresh::age::{Sighting, age},
    settings::Storage,
    token::{Grant, stored::Stored},
};

impl<P: Platform> PublicClient<P> {
    /// What is stored. Where a newer token could not be stored it is in this
    /// page's memory, and counts.
    pub(super) async fn load(&self) -> Result<Stored, Error> {
        let stored = Stored::read(self.read_grant().await?.as_deref());
        let aside = self.inner.platform.read(Area::Page, &self.key("aside"))?;
        let aside = Stored::read(aside.as_deref());
        if let (Stored::Grant(stored), Stored::Grant(aside)) = (&stored, &aside)
            && stored.id == aside.id
            && stored.serial < aside.serial
        {
            return Ok(Stored::Grant(aside.clone()));
        }
        Ok(stored)
    }

    /// Stores the grant.
    pub(super) async fn save(&self, grant: &Grant) -> Result<(), Error> {
        self.write_grant(&Stored::grant(grant)).await?;
        self.inner.platform.remove(Area::Page, &self.key("aside"));
        Ok(())
    }

    /// Stores a token that came, and that nobody can give us again. Where the
    /// storage has become full it goes into this page's memory: what stays
    /// stored says that a flight was announced, so no other tab sends the old
    /// refresh token.
    pub(super) async fn save_arrived(&self, grant: &Grant) -> Result<(), Error> {
        match self.save(grant).await {
            Err(error) if matches!(error.kind, Kind::StorageFull | Kind::StorageBlocked) => {
                let text = Stored::grant(grant);
                let platform = &self.inner.platform;
                platform.write(Area::Page, &self.key("aside"), &text)
            }
            done => done,
        }
    }

    /// Stores that the grant is over.
    pub(super) async fn save_ended(&self, why: &Error) -> Result<(), Error> {
        self.write_grant(&Stored::ended(why)).await
    }

    /// Removes what is stored.
    pub(super) async fn clear(&self) -> Result<(), Error> {
        let platform = &self.inner.platform;
        platform.remove(Area::Page, &self.key("aside"));
        match &self.inner.settings.storage {
            Storage::WebWorker { script } => {
                let key = self.key("grant");
                platform.in_worker(script, &key, Some(None)).await?;
                Ok(())
            }
            other => {
                platform.remove(area(other), &self.key("grant"));
                Ok(())
            }
        }
    }

    async fn read_grant(&self) -> Result<Option<String>, Error> {
        let platform = &self.inner.platform;
        match &self.inner.settings.storage {
            Storage::WebWorker { script } => {
                platform.in_worker(script, &self.key("grant"), None).await
            }
            other => platform.read(area(other), &self.key("grant")),
        }
    }

    async fn write_grant(&self, text: &str) -> Result<(), Error> {
        let platform = &self.inner.platform;
        match &self.inner.settings.storage {
            Storage::WebWorker { script } => {
                let key = self.key("grant");
                platform.in_worker(script, &key, Some(Some(text))).await?;
                Ok(())
            }
            other => platform.write(area(other), &self.key("grant"), text),
        }
    }

    /// How old the grant's token is, in milliseconds, if that can be told.
    pub(super) fn age(&self, grant: &Grant) -> Option<u64> {
        let now = self.inner.platform.reading();
        let seen = *self.inner.seen.borrow();
        let seen = seen.filter(|seen| seen.sent_at == grant.sent_at);
        let age = age(grant.sent_at, now, seen);
        if let (None, Some(age)) = (seen, age) {
            *self.inner.seen.borrow_mut() = Some(Sighting {
                sent_at: grant.sent_at,
                age,
                at: now.steady,
            });
        }
        age
    }

    /// Remembers when a token was asked for by the steady clock too.
    pub(super) fn saw(&self, sent: Reading) {
        *self.inner.seen.borrow_mut() = Some(Sighting {
            sent_at: sent.wall,
            age: 0,
            at: sent.steady,
        });
    }

    pub(super) fn hold(&self, grant: &Grant) -> Held {
        let now = self.inner.platform.reading().wall;
        // Of an age that nobody can tell one shows the end.
        let age = self.age(grant).or(grant.life()).unwrap_or_default();
        Held::of(grant, self.inner.settings.reuse, age, now)
    }
}

fn area(storage: &Storage) -> Area {
    match storage {
        Storage::Memory | Storage::WebWorker { .. } => Area::Page,
        Storage::Session => Area::Tab,
        Storage::Local => Area::Shared,
    }
}

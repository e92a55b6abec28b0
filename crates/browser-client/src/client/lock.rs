//! One at a time, across tabs.

use super::PublicClient;
use crate::{
    Error,
    digest::base64url,
    error::Kind,
    platform::{Area, Platform},
    refresh::lease,
    settings::Storage,
};
use futures_channel::oneshot;
use std::future::Future;

/// How often one looks whether a lease is free before one gives up.
const LOOKS: u32 = 200;

impl<P: Platform> PublicClient<P> {
    /// Runs `work` while no other tab that shares the grant runs any. It runs
    /// to its end even if the caller has gone: a flight is never cut off by
    /// somebody who leaves the page that asked for it.
    pub(super) async fn locked<T: 'static, F>(
        &self,
        work: impl FnOnce(Self) -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>> + 'static,
    {
        let done = self.lock(true, work(self.clone())).await?;
        done.unwrap_or_else(|| {
            let message = "Another tab has been renewing the sign-in for too long. Try again.";
            Err(Error::new(Kind::TimedOut, message))
        })
    }

    /// The same; with `wait` off only if nobody else does, and none if so.
    pub(super) async fn lock<T: 'static>(
        &self,
        wait: bool,
        work: impl Future<Output = T> + 'static,
    ) -> Result<Option<T>, Error> {
        let name = self.lock_name()?;
        let platform = &self.inner.platform;
        if platform.has_locks() {
            return Ok(platform.exclusively(&name, wait, work).await);
        }
        let owner = base64url(platform.random()?);
        let (send, receive) = oneshot::channel();
        let client = self.clone();
        platform.spawn(async move {
            let mut done = None;
            if client.take_lease(&name, &owner, wait).await {
                done = Some(work.await);
                client.drop_lease(&name, &owner);
            }
            // Nobody may be waiting any more.
            let _ = send.send(done);
        });
        Ok(receive.await.ok().flatten())
    }

    /// Tabs that have grants of their own do not wait for each other.
    fn lock_name(&self) -> Result<String, Error> {
        let platform = &self.inner.platform;
        let name = self.key("lock");
        if matches!(
            self.inner.settings.storage,
            Storage::Local | Storage::Session
        ) {
            return Ok(name);
        }
        let page = match platform.read(Area::Page, "confidant/page")? {
            Some(page) => page,
            None => {
                let page = base64url(platform.random()?);
                platform.write(Area::Page, "confidant/page", &page)?;
                page
            }
        };
        Ok(format!("{name}/{page}"))
    }

    async fn take_lease(&self, name: &str, owner: &str, wait: bool) -> bool {
        let platform = &self.inner.platform;
        let read = || platform.read(Area::Shared, name).ok().flatten();
        for look in 0..LOOKS {
            let now = platform.reading().wall;
            if lease::is_free(read().as_deref(), now) {
                let text = lease::taken(owner, now);
                if platform.write(Area::Shared, name, &text).is_err() {
                    return false;
                }
                platform.sleep(lease::SETTLE).await;
                if lease::is_held_by(read().as_deref(), owner) {
                    return true;
                }
            } else if !wait {
                return false;
            }
            platform.sleep(lease::PAUSE + look % 7).await;
        }
        false
    }

    fn drop_lease(&self, name: &str, owner: &str) {
        let platform = &self.inner.platform;
        let stored = platform.read(Area::Shared, name).ok().flatten();
        if lease::is_held_by(stored.as_deref(), owner) {
            platform.remove(Area::Shared, name);
        }
    }
}

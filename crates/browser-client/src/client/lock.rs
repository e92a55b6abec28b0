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
const LOOKS: u32 = 600;

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
            let done = match client.take_lease(&name, &owner, wait).await {
                Ok(true) => {
                    let done = work.await;
                    client.drop_lease(&name, &owner).await;
                    Ok(Some(done))
                }
                Ok(false) => Ok(None),
                // Better no refresh than one beside another tab's.
                Err(error) => Err(error),
            };
            // Nobody may be waiting any more.
            let _ = send.send(done);
        });
        receive.await.unwrap_or(Ok(None))
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

    async fn take_lease(&self, name: &str, owner: &str, wait: bool) -> Result<bool, Error> {
        let platform = &self.inner.platform;
        for _ in 0..LOOKS {
            let now = platform.reading().wall;
            let line = platform.line(name).await?;
            if lease::is_free(line.as_deref(), now) {
                let taken = lease::taken(owner, now);
                if platform.swap_line(name, line.as_deref(), &taken).await? {
                    return Ok(true);
                }
            }
            if !wait {
                break;
            }
            platform.sleep(lease::PAUSE).await;
        }
        Ok(false)
    }

    async fn drop_lease(&self, name: &str, owner: &str) {
        let platform = &self.inner.platform;
        let Ok(Some(line)) = platform.line(name).await else {
            return;
        };
        if line.split(' ').next() == Some(owner) {
            // If this fails it runs out by itself.
            let _ = platform.swap_line(name, Some(&line), "").await;
        }
    }
}

//! Mutual exclusion between tabs.

use crate::{
    Error, ErrorKind,
    digest::base64url,
    platform::{Platform, StorageArea},
    settings::KeyPrefix,
    storage::token_storage::Scope,
};
use std::{future::Future, rc::Rc};

/// Where a page keeps its own identifier.
const PAGE_ID: &str = "confidant/page";

/// The lock of all tabs that share a grant. The work under it runs to its end
/// even if the caller is gone: a refresh is never aborted because its page was
/// left.
#[derive(Clone)]
pub(crate) struct TabLock<P> {
    platform: P,
    name: Rc<str>,
    scope: Scope,
}

impl<P: Platform> TabLock<P> {
    pub(crate) fn new(platform: P, scope: Scope, prefix: &KeyPrefix) -> Self {
        let name = prefix.key("lock");
        Self {
            platform,
            name,
            scope,
        }
    }

    /// Runs `work` under the lock.
    ///
    /// # Errors
    /// If another tab holds the lock for too long, or the browser has no locks.
    pub(crate) async fn run<T: 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + 'static,
    ) -> Result<T, Error> {
        let name = self.name()?;
        let result = self.platform.with_lock(&name, true, work).await?;
        result.unwrap_or_else(|| {
            let message = "Another tab has been renewing the sign-in for too long. Try again.";
            Err(Error::new(ErrorKind::TimedOut, message))
        })
    }

    /// Runs `work` under the lock, unless another tab holds it.
    ///
    /// # Errors
    /// If the browser has no locks.
    pub(crate) async fn try_run<T: 'static>(
        &self,
        work: impl Future<Output = T> + 'static,
    ) -> Result<Option<T>, Error> {
        let name = self.name()?;
        self.platform.with_lock(&name, false, work).await
    }

    /// Returns the lock's name. Pages with a grant of their own do not wait for
    /// each other.
    fn name(&self) -> Result<Rc<str>, Error> {
        if self.scope != Scope::Page {
            return Ok(self.name.clone());
        }
        let page = match self.platform.read(StorageArea::Page, PAGE_ID)? {
            Some(page) => page,
            None => {
                let page = base64url(self.platform.random()?);
                self.platform.write(StorageArea::Page, PAGE_ID, &page)?;
                page
            }
        };
        Ok(format!("{}/{page}", self.name).into())
    }
}

//! A browser with tabs. As in Chromium, a tab sees with a delay what another tab
//! writes to localStorage: when it next waits for something.

use super::provider_model::ProviderModel;
use crate::{
    Error, ErrorKind, Platform, PublicClient, PublicKey, Request, Response, Settings, StorageArea,
    Timestamps, TransportError, WorkerCommand,
};
use futures::{
    executor::{LocalPool, LocalSpawner},
    lock::Mutex,
    task::LocalSpawnExt,
};
use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, VecDeque},
    future::Future,
    rc::Rc,
    task::Poll,
};

type Texts = HashMap<String, String>;
type Receive = Box<dyn Fn(String)>;

/// Everything that the tabs share.
#[derive(Default)]
pub(crate) struct BrowserModel {
    pub(crate) provider: RefCell<ProviderModel>,
    pub(crate) wall: Cell<u64>,
    pub(crate) steady: Cell<u64>,
    /// Whether the browser has no Web Locks.
    pub(crate) no_locks: Cell<bool>,
    /// The replies of the service worker.
    pub(crate) worker_replies: RefCell<VecDeque<String>>,
    /// The messages to the service worker.
    pub(crate) worker_messages: RefCell<Vec<String>>,
    pub(crate) full: Cell<bool>,
    /// Whether changes of localStorage never reach other tabs.
    pub(crate) partitioned: Cell<bool>,
    entries: RefCell<Texts>,
    broadcasts: RefCell<Vec<String>>,
    locks: RefCell<HashMap<String, Rc<Mutex<()>>>>,
    shared: RefCell<Vec<(String, Option<String>)>>,
    randoms: Cell<u8>,
}

impl BrowserModel {
    pub(crate) fn new() -> Rc<Self> {
        let browser = Self::default();
        browser.wall.set(1_700_000_000_000);
        Rc::new(browser)
    }

    /// Moves both clocks forward.
    pub(crate) fn pass(&self, milliseconds: u64) {
        self.wall.set(self.wall.get() + milliseconds);
        self.steady.set(self.steady.get() + milliseconds);
    }

    /// Opens a tab whose tasks run in this pool.
    pub(crate) fn tab(self: &Rc<Self>, pool: &LocalPool) -> Tab {
        let tab = Tab {
            browser: self.clone(),
            spawner: pool.spawner(),
            own: Rc::default(),
        };
        tab.deliver();
        tab
    }
}

/// One tab.
#[derive(Clone)]
pub(crate) struct Tab {
    pub(crate) browser: Rc<BrowserModel>,
    spawner: LocalSpawner,
    own: Rc<TabStorage>,
}

#[derive(Default)]
struct TabStorage {
    page: RefCell<Texts>,
    tab: RefCell<Texts>,
    shared: RefCell<Texts>,
    seen: Cell<usize>,
    receive: RefCell<Option<Receive>>,
}

impl Tab {
    pub(crate) fn client(&self, settings: &Settings) -> PublicClient<Self> {
        PublicClient::on(self.clone(), settings.clone())
    }

    /// Delivers what other tabs wrote and sent.
    fn deliver(&self) {
        if self.browser.partitioned.get() {
            return;
        }
        let written = self.browser.shared.borrow();
        let mut shared = self.own.shared.borrow_mut();
        for (key, text) in &written[self.own.seen.replace(written.len())..] {
            match text {
                Some(text) => shared.insert(key.clone(), text.clone()),
                None => shared.remove(key),
            };
        }
        if let Some(receive) = &*self.own.receive.borrow() {
            self.browser
                .broadcasts
                .borrow()
                .iter()
                .cloned()
                .for_each(receive);
        }
    }

    /// Duplicates this tab, with a copy of its sessionStorage.
    pub(crate) fn duplicate(&self, pool: &LocalPool) -> Self {
        let tab = self.browser.tab(pool);
        tab.own.tab.replace(self.own.tab.borrow().clone());
        tab
    }

    /// Returns everything in this tab's storages.
    pub(crate) fn stored(&self) -> Vec<String> {
        [StorageArea::Page, StorageArea::Tab, StorageArea::Shared]
            .into_iter()
            .flat_map(|area| {
                self.area(area)
                    .borrow()
                    .values()
                    .cloned()
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    fn area(&self, area: StorageArea) -> &RefCell<Texts> {
        match area {
            StorageArea::Page => &self.own.page,
            StorageArea::Tab => &self.own.tab,
            StorageArea::Shared => &self.own.shared,
        }
    }
}

/// Lets other tasks run.
async fn yield_now() {
    let mut yielded = false;
    std::future::poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::replace(&mut yielded, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

impl Platform for Tab {
    fn now(&self) -> Timestamps {
        Timestamps {
            wall: self.browser.wall.get(),
            steady: self.browser.steady.get(),
        }
    }

    fn random(&self) -> Result<[u8; 32], Error> {
        self.browser
            .randoms
            .set(self.browser.randoms.get().wrapping_add(1));
        Ok([self.browser.randoms.get(); 32])
    }

    fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        self.spawner.spawn_local(task).unwrap();
    }

    async fn sleep(&self, milliseconds: u32) {
        self.browser.pass(milliseconds.into());
        self.deliver();
        yield_now().await;
    }

    async fn fetch(&self, request: &Request, _: u32) -> Result<Response, TransportError> {
        yield_now().await;
        let (answer, hangs) = {
            let mut provider = self.browser.provider.borrow_mut();
            (provider.respond(request), provider.hangs)
        };
        if hangs {
            std::future::pending::<()>().await;
        }
        yield_now().await;
        answer
    }

    fn read(&self, area: StorageArea, key: &str) -> Result<Option<String>, Error> {
        Ok(self.area(area).borrow().get(key).cloned())
    }

    fn write(&self, area: StorageArea, key: &str, text: &str) -> Result<(), Error> {
        if area == StorageArea::Shared && self.browser.full.get() {
            return Err(Error::new(ErrorKind::StorageFull, ""));
        }
        self.area(area).borrow_mut().insert(key.into(), text.into());
        if area == StorageArea::Shared {
            let written = (key.to_owned(), Some(text.to_owned()));
            self.browser.shared.borrow_mut().push(written);
        }
        Ok(())
    }

    fn remove(&self, area: StorageArea, key: &str) {
        self.area(area).borrow_mut().remove(key);
        if area == StorageArea::Shared {
            self.browser
                .shared
                .borrow_mut()
                .push((key.to_owned(), None));
        }
    }

    async fn in_worker(
        &self,
        _: &str,
        key: &str,
        command: WorkerCommand<'_>,
    ) -> Result<Option<String>, Error> {
        match command {
            WorkerCommand::Read => {}
            WorkerCommand::Store(text) => self.write(StorageArea::Page, key, text)?,
            WorkerCommand::Remove => self.remove(StorageArea::Page, key),
        }
        self.read(StorageArea::Page, key)
    }

    async fn read_entry(&self, key: &str) -> Result<Option<String>, Error> {
        yield_now().await;
        Ok(self.browser.entries.borrow().get(key).cloned())
    }

    async fn write_entry(&self, key: &str, text: &str) -> Result<(), Error> {
        yield_now().await;
        let mut entries = self.browser.entries.borrow_mut();
        entries.insert(key.to_owned(), text.to_owned());
        Ok(())
    }

    fn broadcast(&self, _: &str, text: &str) {
        self.browser.broadcasts.borrow_mut().push(text.to_owned());
    }

    fn on_broadcast(&self, _: &str, receive: impl Fn(String) + 'static) {
        *self.own.receive.borrow_mut() = Some(Box::new(receive));
    }

    async fn ask_service_worker(&self, _: &str, message: &str) -> Result<String, Error> {
        let mut messages = self.browser.worker_messages.borrow_mut();
        messages.push(message.to_owned());
        let reply = self.browser.worker_replies.borrow_mut().pop_front();
        reply.ok_or_else(|| Error::new(ErrorKind::WorkerUnavailable, ""))
    }

    async fn with_lock<T: 'static>(
        &self,
        name: &str,
        wait: bool,
        work: impl Future<Output = T> + 'static,
    ) -> Result<Option<T>, Error> {
        if self.browser.no_locks.get() {
            return Err(Error::new(ErrorKind::BrowserLacks, ""));
        }
        let lock = self
            .browser
            .locks
            .borrow_mut()
            .entry(name.to_owned())
            .or_default()
            .clone();
        let (send, receive) = futures::channel::oneshot::channel();
        let task = async move {
            let held = if wait {
                Some(lock.lock().await)
            } else {
                lock.try_lock()
            };
            if held.is_some() {
                let _ = send.send(work.await);
            }
        };
        self.spawn(task);
        Ok(receive.await.ok())
    }

    async fn public_key(&self, _: &str) -> Result<PublicKey, Error> {
        Ok(PublicKey {
            x: "x".into(),
            y: "y".into(),
        })
    }

    async fn sign(&self, _: &str, _: &str) -> Result<Vec<u8>, Error> {
        Ok(vec![0; 64])
    }
}

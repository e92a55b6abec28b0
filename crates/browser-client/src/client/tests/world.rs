//! A browser with tabs, and a provider, made for tests. As in Chromium, what
//! one tab writes to localStorage the others see a little later: when they next
//! wait for something.

use super::provider::Provider;
use crate::{
    Area, Error, Kind, Platform, PublicClient, PublicKey, Reading, Request, Response, Settings,
    TransportError,
};
use futures::{
    executor::{LocalPool, LocalSpawner},
    lock::Mutex,
    task::LocalSpawnExt,
};
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    future::Future,
    rc::Rc,
    task::Poll,
};

type Texts = HashMap<String, String>;
type Hear = Box<dyn Fn(String)>;

/// What all tabs have in common.
#[derive(Default)]
pub(super) struct World {
    pub(super) provider: RefCell<Provider>,
    pub(super) wall: Cell<u64>,
    pub(super) steady: Cell<u64>,
    pub(super) has_locks: Cell<bool>,
    pub(super) full: Cell<bool>,
    /// Whether what one tab writes never reaches the others.
    pub(super) apart: Cell<bool>,
    lines: RefCell<Texts>,
    told: RefCell<Vec<String>>,
    locks: RefCell<HashMap<String, Rc<Mutex<()>>>>,
    shared: RefCell<Vec<(String, Option<String>)>>,
    drawn: Cell<u8>,
}

impl World {
    pub(super) fn new() -> Rc<Self> {
        let world = Self::default();
        world.wall.set(1_700_000_000_000);
        world.has_locks.set(true);
        Rc::new(world)
    }

    /// Lets time pass.
    pub(super) fn pass(&self, milliseconds: u64) {
        self.wall.set(self.wall.get() + milliseconds);
        self.steady.set(self.steady.get() + milliseconds);
    }

    /// A tab of this browser, whose tasks run in this pool.
    pub(super) fn tab(self: &Rc<Self>, pool: &LocalPool) -> Tab {
        let tab = Tab {
            world: self.clone(),
            spawner: pool.spawner(),
            mine: Rc::default(),
        };
        tab.catch_up();
        tab
    }
}

/// One tab.
#[derive(Clone)]
pub(super) struct Tab {
    pub(super) world: Rc<World>,
    spawner: LocalSpawner,
    mine: Rc<Mine>,
}

#[derive(Default)]
struct Mine {
    page: RefCell<Texts>,
    tab: RefCell<Texts>,
    shared: RefCell<Texts>,
    seen: Cell<usize>,
    hear: RefCell<Option<Hear>>,
}

impl Tab {
    pub(super) fn client(&self, settings: &Settings) -> PublicClient<Self> {
        PublicClient::on(self.clone(), settings.clone())
    }

    /// Sees what other tabs wrote.
    fn catch_up(&self) {
        if self.world.apart.get() {
            return;
        }
        let written = self.world.shared.borrow();
        let mut shared = self.mine.shared.borrow_mut();
        for (key, text) in &written[self.mine.seen.replace(written.len())..] {
            match text {
                Some(text) => shared.insert(key.clone(), text.clone()),
                None => shared.remove(key),
            };
        }
        if let Some(hear) = &*self.mine.hear.borrow() {
            self.world.told.borrow().iter().cloned().for_each(hear);
        }
    }

    /// A duplicate of this tab, with a copy of its sessionStorage.
    pub(super) fn duplicate(&self, pool: &LocalPool) -> Self {
        let tab = self.world.tab(pool);
        tab.mine.tab.replace(self.mine.tab.borrow().clone());
        tab
    }

    /// Everything that lies in this tab's storages.
    pub(super) fn stored(&self) -> Vec<String> {
        [Area::Page, Area::Tab, Area::Shared]
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

    fn area(&self, area: Area) -> &RefCell<Texts> {
        match area {
            Area::Page => &self.mine.page,
            Area::Tab => &self.mine.tab,
            Area::Shared => &self.mine.shared,
        }
    }
}

/// Lets the other tasks run.
async fn give_way() {
    let mut given = false;
    std::future::poll_fn(|context| {
        context.waker().wake_by_ref();
        match std::mem::replace(&mut given, true) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
}

impl Platform for Tab {
    fn reading(&self) -> Reading {
        Reading {
            wall: self.world.wall.get(),
            steady: self.world.steady.get(),
        }
    }

    fn random(&self) -> Result<[u8; 32], Error> {
        self.world.drawn.set(self.world.drawn.get().wrapping_add(1));
        Ok([self.world.drawn.get(); 32])
    }

    fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        self.spawner.spawn_local(task).unwrap();
    }

    async fn sleep(&self, milliseconds: u32) {
        self.world.pass(milliseconds.into());
        self.catch_up();
        give_way().await;
    }

    async fn fetch(&self, request: &Request, _: u32) -> Result<Response, TransportError> {
        give_way().await;
        let (answer, hangs) = {
            let mut provider = self.world.provider.borrow_mut();
            (provider.answer(request), provider.hangs)
        };
        if hangs {
            std::future::pending::<()>().await;
        }
        give_way().await;
        answer
    }

    fn read(&self, area: Area, key: &str) -> Result<Option<String>, Error> {
        Ok(self.area(area).borrow().get(key).cloned())
    }

    fn write(&self, area: Area, key: &str, text: &str) -> Result<(), Error> {
        if area == Area::Shared && self.world.full.get() {
            return Err(Error::new(Kind::StorageFull, ""));
        }
        self.area(area).borrow_mut().insert(key.into(), text.into());
        if area == Area::Shared {
            let written = (key.to_owned(), Some(text.to_owned()));
            self.world.shared.borrow_mut().push(written);
        }
        Ok(())
    }

    fn remove(&self, area: Area, key: &str) {
        self.area(area).borrow_mut().remove(key);
        if area == Area::Shared {
            self.world.shared.borrow_mut().push((key.to_owned(), None));
        }
    }

    async fn in_worker(
        &self,
        _: &str,
        key: &str,
        change: Option<Option<&str>>,
    ) -> Result<Option<String>, Error> {
        match change {
            Some(Some(text)) => self.write(Area::Page, key, text)?,
            Some(None) => self.remove(Area::Page, key),
            None => {}
        }
        self.read(Area::Page, key)
    }

    async fn line(&self, key: &str) -> Result<Option<String>, Error> {
        give_way().await;
        Ok(self.world.lines.borrow().get(key).cloned())
    }

    async fn swap_line(
        &self,
        key: &str,
        expected: Option<&str>,
        text: &str,
    ) -> Result<bool, Error> {
        give_way().await;
        let mut lines = self.world.lines.borrow_mut();
        let fits = lines.get(key).map(String::as_str) == expected;
        if fits {
            lines.insert(key.to_owned(), text.to_owned());
        }
        Ok(fits)
    }

    fn tell_tabs(&self, _: &str, text: &str) {
        self.world.told.borrow_mut().push(text.to_owned());
    }

    fn hear_tabs(&self, _: &str, hear: impl Fn(String) + 'static) {
        *self.mine.hear.borrow_mut() = Some(Box::new(hear));
    }

    async fn ask_service_worker(&self, _: &str, _: &str) -> Result<String, Error> {
        Err(Error::new(Kind::WorkerUnavailable, ""))
    }

    fn has_locks(&self) -> bool {
        self.world.has_locks.get()
    }

    async fn exclusively<T: 'static>(
        &self,
        name: &str,
        wait: bool,
        work: impl Future<Output = T> + 'static,
    ) -> Option<T> {
        let lock = self
            .world
            .locks
            .borrow_mut()
            .entry(name.to_owned())
            .or_default()
            .clone();
        let (send, receive) = futures::channel::oneshot::channel();
        let task = async move {
            let held = match wait {
                true => Some(lock.lock().await),
                false => lock.try_lock(),
            };
            if held.is_some() {
                let _ = send.send(work.await);
            }
        };
        self.spawn(task);
        receive.await.ok()
    }

    async fn key(&self, _: &str) -> Result<PublicKey, Error> {
        Ok(PublicKey {
            x: "x".into(),
            y: "y".into(),
        })
    }

    async fn sign(&self, _: &str, _: &str) -> Result<Vec<u8>, Error> {
        Ok(vec![0; 64])
    }
}

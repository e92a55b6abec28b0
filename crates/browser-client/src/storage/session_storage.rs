//! sessionStorage: lasts as long as the tab. A duplicated tab starts with a copy of it.

use super::token_storage::{Scope, synchronous};
use crate::platform::StorageArea;
use std::rc::Rc;

pub(super) struct SessionStorage<P> {
    pub(super) platform: P,
    pub(super) key: Rc<str>,
}

synchronous!(SessionStorage, StorageArea::Tab, Scope::Tab);

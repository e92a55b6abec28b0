//! localStorage: lasts until the sign-out, and all tabs of the origin share it.

use super::token_storage::{Scope, synchronous};
use crate::platform::StorageArea;
use std::rc::Rc;

pub(super) struct LocalStorage<P> {
    pub(super) platform: P,
    pub(super) key: Rc<str>,
}

synchronous!(LocalStorage, StorageArea::Shared, Scope::Origin);

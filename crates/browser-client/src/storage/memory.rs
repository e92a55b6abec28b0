//! The page's memory: a reload empties it, and each tab has its own grant.

use super::token_storage::{Scope, synchronous};
use crate::platform::StorageArea;
use std::rc::Rc;

pub(super) struct Memory<P> {
    pub(super) platform: P,
    pub(super) key: Rc<str>,
}

synchronous!(Memory, StorageArea::Page, Scope::Page);

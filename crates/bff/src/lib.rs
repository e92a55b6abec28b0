//! Confidant.

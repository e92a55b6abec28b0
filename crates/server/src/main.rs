//! Confidant.
fn main() {}

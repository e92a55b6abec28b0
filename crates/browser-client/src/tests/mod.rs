//! The clients in a model of a browser with several tabs, with a model of a
//! provider.

mod calls;
mod profiles;
mod refresh;
mod sign_in;

//! Signing in: the form that begins it and the page that finishes it.

mod callback;
mod form;

pub(crate) use callback::Callback;
pub(crate) use form::SignInForm;

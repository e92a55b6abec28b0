//! Tokens: the answer that brings them, and what is kept of it.

pub(crate) mod answer;
pub(crate) mod grant;
pub(crate) mod held;
pub(crate) mod outcome;
pub(crate) mod stored;

pub(crate) use answer::TokenAnswer;
pub(crate) use grant::Grant;

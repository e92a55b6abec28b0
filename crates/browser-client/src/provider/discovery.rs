//! Discovery of the provider's metadata (OpenID Connect Discovery 1.0).

use super::metadata::{Metadata, configuration_url};
use crate::{
    Error, error::catalog::unexpected_response, http::Request, platform::Platform,
    transport::Transport,
};
use confidant_wire::Party;
use std::{cell::RefCell, rc::Rc};

/// Fetches the metadata when they are first needed, and keeps them for as long
/// as the page lives.
#[derive(Clone)]
pub(crate) struct Discovery<P> {
    transport: Transport<P>,
    issuer: Rc<str>,
    known: Rc<RefCell<Option<Rc<Metadata>>>>,
}

impl<P: Platform> Discovery<P> {
    pub(crate) fn new(transport: Transport<P>, issuer: &str) -> Self {
        Self {
            transport,
            issuer: issuer.into(),
            known: Rc::default(),
        }
    }

    /// Returns the metadata.
    ///
    /// # Errors
    /// If the provider cannot be reached, or its metadata are unusable.
    pub(crate) async fn metadata(&self) -> Result<Rc<Metadata>, Error> {
        if let Some(known) = &*self.known.borrow() {
            return Ok(known.clone());
        }
        let mut request = Request::get(&configuration_url(&self.issuer));
        request.cached = true;
        let response = self.transport.send(Party::Provider, &request).await?;
        if response.status != 200 {
            return Err(unexpected_response(&response));
        }
        let metadata = Rc::new(Metadata::read(&response.body, &self.issuer)?);
        *self.known.borrow_mut() = Some(metadata.clone());
        Ok(metadata)
    }
}

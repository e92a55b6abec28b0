//! The comparison, as an island. Its code is in the frontend of the kinds that
//! run in the browser, and in no other.

use crate::clients;
use leptos::prelude::*;

/// The comparison of the kinds that the providers in these settings offer.
#[island]
pub fn Comparison(settings: String) -> impl IntoView {
    provide_context(ProviderSettings(settings));
    match clients::linked().comparison {
        Some(comparison) => comparison(),
        None => ().into_any(),
    }
}

/// The providers of the page, as JSON; provided as context.
#[derive(Clone)]
pub(crate) struct ProviderSettings(pub(crate) String);

//! The comparison, as an island. Its code is in the frontend of the kinds that
//! run in the browser, and in no other.

use crate::clients;
use confidant_wire::ProviderView;
use leptos::prelude::*;

/// The comparison of the kinds that these providers offer.
#[island]
pub fn Comparison(providers: Vec<ProviderView>) -> impl IntoView {
    provide_context(OfferedProviders(providers));
    match clients::linked().comparison {
        Some(comparison) => comparison(),
        None => ().into_any(),
    }
}

/// The providers of the page; provided as context.
#[derive(Clone)]
pub(crate) struct OfferedProviders(pub(crate) Vec<ProviderView>);

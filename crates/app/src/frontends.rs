//! The two frontends. What a frontend does not name is not in its WebAssembly.

use crate::{
    clients::{BROWSER, BROWSER_DPOP, Bff, Frontend, Mediated, WORKER},
    compare, fault_panel,
};

/// The frontend of the `bff` pages.
pub static BFF: Frontend = Frontend {
    clients: &[&Bff],
    fault_panel: None,
    comparison: None,
};

/// The frontend of all other pages, among them the comparison and the fault panel.
pub static EVERY_KIND: Frontend = Frontend {
    clients: &[&Bff, &Mediated, &BROWSER, &BROWSER_DPOP, &WORKER],
    fault_panel: Some(fault_panel::page),
    comparison: Some(compare::view),
};

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::{
        clients::{Form, OAuthClient},
        routes::KINDS,
    };

    #[test]
    fn every_kind_has_one_client() {
        assert_eq!(EVERY_KIND.clients.len(), KINDS.len());
        for kind in KINDS {
            let same = EVERY_KIND
                .clients
                .iter()
                .filter(|client| client.kind() == kind);
            assert_eq!(same.count(), 1, "{kind}");
        }
    }

    #[test]
    fn a_client_whose_tokens_are_on_the_server_works_without_scripts() {
        for form in Form::ALL {
            assert!(Bff.endpoint(form).is_some(), "{form:?}");
        }
    }
}

//! What each deed does, and where it leads.

use crate::{
    client::{AuthorizationResponse, Client, Deed},
    page::Page,
};
use confidant_wire::{ClientKind, Problem};

/// Where a deed leads.
pub(super) enum Next {
    /// To a page of ours, without loading it.
    Page(String),
    /// To an address, loaded as a whole.
    Leave(String),
    /// The same, and this page is forgotten: the back button must not lead
    /// to a code that was used.
    Replace(String),
}

/// Does it through the client.
///
/// # Errors
/// The client's.
pub(super) async fn done(
    client: &dyn Client,
    deed: Deed,
    field: impl Fn(&str) -> Option<String>,
) -> Result<Next, Problem> {
    let kind = client.kind();
    Ok(match deed {
        Deed::SignIn => {
            let provider = field("provider").unwrap_or_default();
            let return_to = field("return_to").unwrap_or_else(|| Page::Menu.path(kind));
            Next::Leave(client.start(provider, return_to).await?.authorization_url)
        }
        Deed::Finish => {
            let response = AuthorizationResponse {
                code: field("code"),
                state: field("state"),
                iss: field("iss"),
                error: field("error"),
            };
            Next::Replace(client.finish(response).await?.return_to)
        }
        Deed::Refresh => {
            client.refresh().await?;
            Next::Page(outcome(kind, deed))
        }
        Deed::Expire => {
            client.expire().await?;
            Next::Page(outcome(kind, deed))
        }
        // A whole new page: nothing of the session stays in memory.
        Deed::SignOut => Next::Leave(match client.sign_out().await?.provider {
            Some(provider) => format!("/?signed_out={provider}"),
            None => "/".to_owned(),
        }),
    })
}

/// Where the outcome of a deed is shown.
fn outcome(kind: ClientKind, deed: Deed) -> String {
    let page = match deed {
        Deed::Refresh => Page::ManualRefresh,
        _ => Page::AutomaticRefresh,
    };
    page.path(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forced_expiry_leads_to_the_call_that_notices_it() {
        let kind = ClientKind::BFF;
        assert_eq!(outcome(kind, Deed::Expire), "/bff/automatic_refresh");
        assert_eq!(outcome(kind, Deed::Refresh), "/bff/manual_refresh");
    }
}

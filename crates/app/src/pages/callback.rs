//! The pages that a provider redirects to.

use super::{
    frame::{default, framed, head},
    request::Request,
};
use crate::{
    clients::{self, Form, OAuthClient},
    islands::callback::Callback,
};
use confidant_wire::ClientKind;
use leptos::prelude::*;

/// Renders the page at the address that the server's clients share, or at a
/// kind's own.
pub(super) fn page(request: Request, kind: Option<ClientKind>) -> AnyView {
    let Some(client) = kind.map_or(Some(default()), clients::client) else {
        return super::not_found::page(request);
    };
    let settings = clients::provider_settings(&request.providers);
    let parameters = parameters(&request.query);
    let main = view! {
        {head(200, "Signing in")}
        <Callback kind=client.kind() own=kind.is_some() settings>
            {form(client, parameters)}
        </Callback>
    };
    framed(&request, main)
}

/// The parameters of the response that are passed on. The provider's description
/// of an error is not among them: no page repeats an upstream's text.
fn parameters(query: &str) -> Vec<(String, String)> {
    const NAMES: [&str; 4] = ["code", "state", "iss", "error"];
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .filter(|(name, _)| NAMES.contains(&name.as_str()))
        .collect()
}

/// The form that passes the response on.
fn form(client: &'static dyn OAuthClient, parameters: Vec<(String, String)>) -> impl IntoView {
    let endpoint = client.endpoint(Form::FinishSignIn);
    let has_code = parameters.iter().any(|(name, _)| name == "code");
    let text = match (has_code, endpoint) {
        (true, None) => {
            "The provider sent you back with a code. This page trades it for tokens by itself, \
             without any secret."
        }
        (true, Some(_)) => {
            "The provider sent you back with a code. This page hands it to the server, which \
             trades it for tokens with a secret that only the server has."
        }
        (false, _) => {
            "The provider sent you back without a code. This page hands its answer to the \
             server, which says what it means."
        }
    };
    let fields: Vec<_> = parameters
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect();
    view! {
        <h1>"One more step"</h1>
        <p class="soft">{text}</p>
        <form method="post" action=endpoint data-action=Form::FinishSignIn.id()>
            {fields}
            <button class="primary">"Continue"</button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_redirect_carried_stays_in_its_field() {
        let parameters = parameters("state=%22%3E%3Cscript%3E&error_description=upstream");
        let html = crate::samples::html(|| form(default(), parameters));
        assert!(
            html.contains("&gt;&lt;script&gt;") || html.contains("&quot;>"),
            "{html}"
        );
        assert!(!html.contains("<script>"), "{html}");
        assert!(
            !html.contains(r#"name="code""#) && !html.contains("upstream"),
            "{html}"
        );
    }
}

//! Plain HTML forms. They post to the server's endpoints by themselves; where
//! scripts run, [`Desk`](crate::desk::Desk) carries them out in the page.

#[cfg(feature = "draw")]
use crate::client::Source;
use crate::client::{self, Client, Deed};
#[cfg(feature = "draw")]
use confidant_wire::ProviderView;
use maud::{Markup, html};

/// A form with one button, for a deed that needs no more said.
pub(crate) fn deed(client: &dyn Client, deed: Deed, label: &str) -> Markup {
    html! {
        form method="post" action=[client.form(deed)] data-deed=(deed.id()) {
            button { (label) }
        }
    }
}

/// A form with one button that leads to a page.
pub(crate) fn page(href: &str, label: &str) -> Markup {
    html! {
        form method="get" action=(href) data-page=(href) { button { (label) } }
    }
}

/// The form that begins a sign-in: one button for each provider with which
/// this kind of client is offered. `return_to` is the path to come back to;
/// none for the kind's menu.
#[cfg(feature = "draw")]
pub(crate) fn sign_in(
    source: &dyn Source,
    providers: &[ProviderView],
    return_to: Option<&str>,
) -> Markup {
    let offered = || providers.iter().filter(|it| source.is_offered(it));
    html! {
        @if offered().next().is_none() {
            p { "No provider is configured for this kind of client, so there is nowhere to sign in." }
        } @else {
            form.sign-in method="post" action=[source.form(Deed::SignIn)] data-deed=(Deed::SignIn.id()) {
                input type="hidden" name="kind" value=(source.kind());
                @if let Some(path) = return_to { input type="hidden" name="return_to" value=(path); }
                div.buttons {
                    @for provider in offered() {
                        button.primary name="provider" value=(provider.id) {
                            "Sign in with " (provider.name)
                        }
                    }
                }
            }
        }
    }
}

/// The form that hands on what the provider's redirect carried.
pub(crate) fn finish(client: &dyn Client, response: &client::AuthorizationResponse) -> Markup {
    let fields = [
        ("code", &response.code),
        ("state", &response.state),
        ("iss", &response.iss),
        ("error", &response.error),
    ];
    html! {
        form method="post" action=[client.form(Deed::Finish)] data-deed=(Deed::Finish.id()) {
            @for (name, value) in fields {
                @if let Some(value) = value { input type="hidden" name=(name) value=(value); }
            }
            button.primary { "Continue" }
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::sample;

    fn provider(id: &str) -> ProviderView {
        ProviderView {
            id: id.to_owned(),
            name: id.to_owned(),
            ..sample::provider()
        }
    }

    #[test]
    fn a_deed_is_a_form_that_posts_by_itself() {
        let drawn = deed(client::default(), Deed::Refresh, "Refresh").into_string();
        let form = r#"<form method="post" action="/auth/refresh" data-deed="refresh">"#;
        assert!(drawn.starts_with(form), "{drawn}");
    }

    #[test]
    fn each_provider_has_its_button_and_the_way_back_is_told() {
        let providers = [provider("one"), provider("two")];
        let drawn = sign_in(client::default(), &providers, Some("/bff/profile")).into_string();
        assert!(drawn.contains(r#"name="provider" value="two""#), "{drawn}");
        assert!(
            drawn.contains(r#"name="return_to" value="/bff/profile""#),
            "{drawn}"
        );
        assert!(drawn.contains(r#"name="kind" value="bff""#), "{drawn}");
    }

    #[test]
    fn what_a_redirect_carried_stays_in_its_field() {
        let response = client::AuthorizationResponse {
            state: Some(r#""><script>"#.to_owned()),
            ..Default::default()
        };
        let drawn = finish(client::default(), &response).into_string();
        assert!(!drawn.contains("<script>"), "{drawn}");
        assert!(!drawn.contains(r#"name="code""#), "{drawn}");
    }
}

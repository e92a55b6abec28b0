//! The login page.

use maud::html;

use super::layout::Page;
use crate::{
    authorize::request::AuthorizationRequest,
    browser::{Browser, Purpose},
    provider::Provider,
};

/// The page that asks who is there. `error` is what was wrong with the last
/// try, `username` what to start with.
pub(crate) fn login_page(
    provider: &Provider,
    browser: &Browser,
    request: &AuthorizationRequest<'_>,
    username: Option<&str>,
    error: Option<&str>,
) -> Page {
    let query = request.to_query();
    let token = browser.form_token(provider, Purpose::Login, &query);
    let content = html! {
        h1 { "Sign in" }
        p.lead { "to continue to " strong { (request.client.name) } }
        @if let Some(error) = error {
            p.error #problem role="alert" { (error) }
        }
        form method="post" action="/login" {
            input type="hidden" name="request" value=(query);
            input type="hidden" name="form_token" value=(token);
            label for="username" { "Username" }
            input #username name="username" type="text" autocomplete="username" required
                autocapitalize="none" spellcheck="false" value=[username]
                aria-describedby=[error.map(|_| "problem")];
            label for="password" { "Password" }
            input #password name="password" type="password" autocomplete="current-password" required
                aria-describedby=[error.map(|_| "problem")];
            div.buttons {
                button.primary type="submit" name="decision" value="sign_in" { "Sign in" }
                button type="submit" name="decision" value="cancel" formnovalidate { "Cancel" }
            }
        }
        section.people aria-labelledby="people" {
            h2 #people { "People you can be" }
            p { "This is a demo, so the passwords are no secret." }
            table {
                thead { tr { th scope="col" { "Username" } th scope="col" { "Password" } } }
                tbody {
                    @for user in &provider.config().users {
                        tr {
                            th scope="row" { code { (user.username) } }
                            td { code { (user.password) } }
                        }
                    }
                }
            }
        }
    };
    Page::new("Sign in", content).with_form_leading_to(&request.redirect_uri)
}

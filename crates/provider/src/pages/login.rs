//! The login page.

use maud::{Markup, html};

use super::layout::{HiddenField, Page, hidden_inputs};
use crate::config::User;

/// What the login page shows.
pub(crate) struct LoginPage<'a> {
    /// The name of the client that the user signs in for.
    pub(crate) client: &'a str,
    /// Where the response to the client goes after the sign-in.
    pub(crate) redirect_uri: &'a str,
    pub(crate) hidden: &'a [HiddenField<'a>],
    /// The username to start with.
    pub(crate) username: Option<&'a str>,
    /// Why the last attempt failed.
    pub(crate) error: Option<&'a str>,
    /// The users whose passwords the page lists.
    pub(crate) users: &'a [User],
}

impl LoginPage<'_> {
    pub(crate) fn render(&self) -> Page {
        let described_by = self.error.map(|_| "problem");
        let content = html! {
            h1 { "Sign in" }
            p.lead { "to continue to " strong { (self.client) } }
            @if let Some(error) = self.error {
                p.error #problem role="alert" { (error) }
            }
            form method="post" action="/login" {
                (hidden_inputs(self.hidden))
                label for="username" { "Username" }
                input #username name="username" type="text" autocomplete="username" required
                    autocapitalize="none" spellcheck="false" value=[self.username]
                    aria-describedby=[described_by];
                label for="password" { "Password" }
                input #password name="password" type="password"
                    autocomplete="current-password" required aria-describedby=[described_by];
                div.buttons {
                    button.primary type="submit" name="decision" value="sign_in" { "Sign in" }
                    button type="submit" name="decision" value="cancel" formnovalidate {
                        "Cancel"
                    }
                }
            }
            (user_table(self.users))
        };
        Page::new("Sign in", content).with_form_leading_to(self.redirect_uri)
    }
}

fn user_table(users: &[User]) -> Markup {
    html! {
        section.users aria-labelledby="users" {
            h2 #users { "Users you can sign in as" }
            p { "This is a demo, so the passwords are no secret." }
            table {
                thead { tr { th scope="col" { "Username" } th scope="col" { "Password" } } }
                tbody {
                    @for user in users {
                        tr {
                            th scope="row" { code { (user.username) } }
                            td { code { (user.password) } }
                        }
                    }
                }
            }
        }
    }
}

//! A whole document about a problem, for a form sent without scripts.

use super::icon;
use crate::problem;
use confidant_wire::Problem;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, HashedStylesheetProps};
use maud::{DOCTYPE, PreEscaped, html};

/// The document. It runs no script and needs none: answer it with
/// [`content_security_policy`](super::content_security_policy) of no nonce.
pub fn problem_page(options: &LeptosOptions, problem: &Problem) -> String {
    let title = problem::title(problem);
    let options = options.clone();
    let style = HashedStylesheet(HashedStylesheetProps::builder().options(options).build());
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Confidant" }
                link rel="icon" href=(icon::FAVICON);
                (PreEscaped(style.to_html()))
            }
            body {
                header { div.bar { (icon::name()) } }
                main id="main" {
                    h1 { (title) }
                    (problem::told(problem, false, None))
                }
            }
        }
    };
    document.into_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use confidant_wire::Code;

    #[test]
    fn a_problem_page_is_a_whole_document_without_scripts() {
        let options = LeptosOptions::builder().output_name("confidant").build();
        let problem = Problem::new(Code::BadState, "This sign-in was finished before.");
        let html = problem_page(&options, &problem);
        assert!(html.starts_with("<!DOCTYPE html>"), "{html}");
        assert!(html.contains("This sign-in was finished before."), "{html}");
        assert!(html.contains("/pkg/confidant.css"), "{html}");
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains("style="), "{html}");
    }
}

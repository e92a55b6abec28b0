//! A whole document about a problem, for a plain form that failed.

use crate::components::{
    mark::{FAVICON, Mark},
    problem::{ProblemNotice, title},
};
use confidant_wire::Problem;
use leptos::prelude::*;
use leptos_meta::HashedStylesheet;

/// Renders the document. It runs no script and needs none: answer it with
/// [`content_security_policy`](super::content_security_policy) without a nonce.
pub fn problem_page(options: &LeptosOptions, problem: &Problem) -> String {
    let title = title(problem);
    let (options, problem) = (options.clone(), problem.clone());
    let document = view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>{title} " · Confidant"</title>
                <link rel="icon" href=FAVICON />
                <HashedStylesheet options />
            </head>
            <body>
                <header>
                    <div class="bar"><Mark /></div>
                </header>
                <main id="main">
                    <h1>{title}</h1>
                    <ProblemNotice problem heading=false kind=None />
                </main>
            </body>
        </html>
    };
    document.to_html()
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

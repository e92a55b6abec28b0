//! A whole document about a problem, for a form sent without scripts.

use super::icon::{FAVICON, Mark};
use crate::problem::{self, ProblemView};
use leptos::prelude::*;
use leptos_meta::HashedStylesheet;
use wire::Problem;

/// The document. It runs no script and needs none: answer it with
/// [`content_security_policy`](super::content_security_policy) of no nonce.
pub fn problem_page(options: &LeptosOptions, problem: &Problem) -> String {
    let title = problem::title(problem);
    let problem = problem.clone();
    let options = options.clone();
    Owner::new().with(|| {
        let page = view! {
            <!DOCTYPE html>
            <html lang="en">
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    <title>{format!("{title} · Confidant")}</title>
                    <link rel="icon" href=FAVICON />
                    <HashedStylesheet options id="style" />
                </head>
                <body>
                    <header>
                        <div class="bar">
                            <a class="name" href="/">
                                <Mark />
                                "Confidant"
                            </a>
                        </div>
                    </header>
                    <main id="main">
                        <h1>{title}</h1>
                        <ProblemView problem heading=false />
                    </main>
                </body>
            </html>
        };
        page.to_html()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::Code;

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

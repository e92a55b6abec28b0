//! The result as a table: a column for each kind, a row for each question.

use super::{
    download::download,
    markdown::markdown,
    measurements::{RFC, ROWS, Row, name},
    result::{Comparison, Run, StepResult},
    state::NotAResult,
};
use crate::{components::exchange_log::Diagram, routes::Page};
use leptos::{prelude::*, serde_json};

/// The result, or that a file holds none.
#[component]
pub(super) fn ResultView(result: Result<Comparison, NotAResult>) -> impl IntoView {
    match result {
        Ok(comparison) => {
            let details: Vec<_> = comparison.runs.iter().map(details).collect();
            view! { {table(&comparison)} {downloads(&comparison)} {details} }.into_any()
        }
        Err(NotAResult) => view! {
            <section class="sheet problem" role="alert">
                <h2>{"That file is no result of a comparison"}</h2>
                <p>{"Expected the JSON file that this page offers for download."}</p>
            </section>
        }
        .into_any(),
    }
}

fn table(comparison: &Comparison) -> impl IntoView {
    let heads: Vec<_> = comparison
        .runs
        .iter()
        .map(|run| {
            view! { <th scope="col"><a href=Page::Menu.path(run.kind)>{name(run)}</a></th> }
        })
        .collect();
    let rows: Vec<_> = ROWS.iter().map(|row| row_view(row, comparison)).collect();
    view! {
        <section class="sheet comparison" aria-labelledby="table-title">
            <h2 id="table-title">{"What was measured"}</h2>
            <div class="wide" tabindex="0" role="region" aria-label="The table">
                <table>
                    <thead><tr><td></td>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

fn row_view(row: &Row, comparison: &Comparison) -> impl IntoView {
    let section = row.section.map(|section| {
        view! {
            {" "}
            <a class="soft" href=format!("{RFC}#section-{section}")>{format!("RFC 10017, {section}")}</a>
        }
    });
    let cells: Vec<_> = comparison
        .runs
        .iter()
        .map(|run| {
            let (tone, answer) = (row.answer)(run);
            let parts: Vec<_> = answer
                .split("; ")
                .map(|part| view! { <div>{part.to_owned()}</div> })
                .collect();
            view! { <td class=tone.class()>{parts}</td> }
        })
        .collect();
    view! { <tr><th scope="row">{row.name} {section}</th>{cells}</tr> }
}

fn downloads(comparison: &Comparison) -> impl IntoView {
    let json = serde_json::to_string(comparison).unwrap_or_default();
    let markdown = markdown(comparison);
    view! {
        <div class="buttons comparison">
            <button
                type="button"
                on:click=move |_| download("comparison.json", "application/json", &json)
            >
                {"Download as JSON"}
            </button>
            <button
                type="button"
                on:click=move |_| download("comparison.md", "text/markdown", &markdown)
            >
                {"Download as Markdown"}
            </button>
        </div>
    }
}

fn details(run: &Run) -> impl IntoView {
    let title = format!("{}, step by step", name(run));
    let steps: Vec<_> = run.steps.iter().map(step).collect();
    view! {
        <details class="sheet comparison">
            <summary><h2>{title.clone()}</h2></summary>
            <div class="wide" tabindex="0" role="region" aria-label=title>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{"Step"}</th>
                            <th scope="col">{"Took"}</th>
                            <th scope="col">{"Access token"}</th>
                            <th scope="col">{"A script could read it in"}</th>
                            <th scope="col">{"Refresh token"}</th>
                            <th scope="col">{"A script could read it in"}</th>
                        </tr>
                    </thead>
                    <tbody>{steps}</tbody>
                </table>
            </div>
            <Diagram exchanges=run.exchanges.clone() linked=false />
        </details>
    }
}

fn step(result: &StepResult) -> impl IntoView {
    let places = |places: &[String]| match places.is_empty() {
        true => "nowhere".to_owned(),
        false => places.join(", "),
    };
    let cells = match &result.failed {
        Some(why) => view! { <td class="lost" colspan=5>{why.clone()}</td> }.into_any(),
        None => {
            let token = result.token.as_ref();
            let access = token.map_or("–".to_owned(), |token| token.access.clone());
            let refresh = token.and_then(|token| token.refresh.clone());
            view! {
                <td>{format!("{} ms", result.took)}</td>
                <td class="mono">{access}</td>
                <td>{places(&result.access_token)}</td>
                <td class="mono">{refresh.unwrap_or("–".to_owned())}</td>
                <td>{places(&result.refresh_token)}</td>
            }
            .into_any()
        }
    };
    view! { <tr><th scope="row">{result.step.name()}</th>{cells}</tr> }
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::compare::result::tests::run;

    #[test]
    fn a_row_says_in_words_what_its_colour_says() {
        let mut comparison = Comparison::begin(0);
        comparison.runs.push(run());
        let html = crate::samples::html(|| table(&comparison).into_any());
        for part in [
            r#"<td class="kept"><div>the server</div></td>"#,
            r#"<td class="held"><div>localStorage</div></td>"#,
            r#"<td class="kept"><div>no place that was searched</div></td>"#,
            r#"<td class="lost"><div>still</div></td>"#,
            "#section-5.1.1",
        ] {
            assert!(html.contains(part), "{part} is missing from {html}");
        }
    }
}

//! The result as a table: a column for each kind, a row for each question.

use super::{
    download::download,
    markdown::markdown,
    result::{After, Comparison, RequestCount, Run, StepResult},
    step::Step,
    view::NotAResult,
};
use crate::{
    clients,
    components::{exchange_log::Diagram, tone::Tone},
    routes::Page,
};
use confidant_wire::{Party, TokenStatus};
use leptos::{prelude::*, serde_json};

/// A question about every run.
pub(super) struct Row {
    pub(super) name: &'static str,
    /// The section of the RFC that is about it.
    pub(super) section: Option<&'static str>,
    pub(super) answer: fn(&Run) -> (Tone, String),
}

/// Where the RFC can be read.
pub(super) const RFC: &str = "https://www.rfc-editor.org/rfc/rfc10017.html";

/// The questions, in order.
pub(super) const ROWS: [Row; 12] = [
    Row {
        name: "The client secret is presented by",
        section: Some("6.3.3.1"),
        answer: secret,
    },
    Row {
        name: "A script in the page could read the access token in",
        section: Some("5.1.1"),
        answer: |run| places(run, run.readable().0),
    },
    Row {
        name: "A script in the page could read the refresh token in",
        section: Some("5.1.2"),
        answer: |run| places(run, run.readable().1),
    },
    Row {
        name: "Such a copy of the access token, used by itself, gets",
        section: Some("5.2.2"),
        answer: stolen,
    },
    Row {
        name: "Requests, and bytes of their answers",
        section: None,
        answer: |run| (Tone::Plain, request_counts(&run.request_counts())),
    },
    Row {
        name: "Refreshes in all",
        section: Some("6.1.2.2"),
        answer: |run| match run.was_signed_in() {
            true => (Tone::Plain, run.refreshes().to_string()),
            false => unknown(),
        },
    },
    Row {
        name: "Token requests for one expired token on two pages at once",
        section: Some("6.3.2.3"),
        answer: |run| match run.two_at_once {
            Some(1) => (Tone::Plain, "1".to_owned()),
            Some(n) => (Tone::Lost, n.to_string()),
            None => unknown(),
        },
    },
    Row {
        name: "From pressing the button to the first answer",
        section: None,
        answer: |run| match run.first_answer {
            Some(ms) => (Tone::Plain, format!("{ms} ms")),
            None => unknown(),
        },
    },
    Row {
        name: "Signed in after a reload",
        section: None,
        answer: |run| yes_or_no(run.after_reload),
    },
    Row {
        name: "Signed in after it was closed and opened again",
        section: None,
        answer: |run| yes_or_no(run.after_close),
    },
    Row {
        name: "After the sign-out the provider takes the access token",
        section: None,
        answer: |run| token_status(run, |after| Some(&after.access)),
    },
    Row {
        name: "After the sign-out the provider takes the refresh token",
        section: None,
        answer: |run| token_status(run, |after| after.refresh.as_ref()),
    },
];

fn unknown() -> (Tone, String) {
    (Tone::Plain, "not measured".to_owned())
}

fn yes_or_no(answer: Option<bool>) -> (Tone, String) {
    match answer {
        Some(true) => (Tone::Plain, "yes".to_owned()),
        Some(false) => (Tone::Plain, "no".to_owned()),
        None => unknown(),
    }
}

fn secret(run: &Run) -> (Tone, String) {
    match run.secret_holder() {
        Some(Party::Server) => (Tone::Kept, "the server".to_owned()),
        Some(_) => (Tone::Lost, "the browser".to_owned()),
        None if !run.was_signed_in() => unknown(),
        None => (Tone::Plain, "nobody: there is none".to_owned()),
    }
}

/// Returns what an attacker can do with a stolen copy of the token.
fn stolen(run: &Run) -> (Tone, String) {
    match run.stolen {
        Some(200) => (Tone::Lost, "the user’s profile".to_owned()),
        Some(401) => (Tone::Kept, "a refusal (401)".to_owned()),
        // Neither shows what the token is good for.
        Some(0) => (Tone::Plain, "no answer".to_owned()),
        Some(status) => (Tone::Plain, format!("an error ({status})")),
        None if run.has_run(Step::Call) => (Tone::Kept, "there was none to use".to_owned()),
        None => unknown(),
    }
}

/// Returns where a token was found. If there was none to search for, finding none
/// says nothing.
fn places(run: &Run, places: Vec<&str>) -> (Tone, String) {
    match places.is_empty() {
        true if !run.was_signed_in() => unknown(),
        true => (Tone::Kept, "no place that was searched".to_owned()),
        false => (Tone::Held, places.join(", ")),
    }
}

fn token_status(run: &Run, which: fn(&After) -> Option<&TokenStatus>) -> (Tone, String) {
    match run.after_sign_out.as_ref().map(which) {
        None => unknown(),
        Some(None) => (Tone::Plain, "there was none".to_owned()),
        Some(Some(status)) if status.active => (Tone::Lost, "still".to_owned()),
        Some(Some(status)) => {
            let why = match status.reason.as_str() {
                "by_client" => "the client revoked it",
                reason => reason,
            };
            (Tone::Kept, format!("no longer: {why}"))
        }
    }
}

/// Returns a text such as `browser → server: 5, 1200 bytes; …`.
fn request_counts(counts: &[RequestCount]) -> String {
    let party = |party| match party {
        Party::Browser => "browser",
        Party::Server => "server",
        Party::Provider => "provider",
        Party::Api => "API",
    };
    let one = |count: &RequestCount| {
        let (from, to) = (party(count.from), party(count.to));
        format!("{from} → {to}: {}, {} bytes", count.requests, count.bytes)
    };
    counts.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Returns the name of a run's kind.
pub(super) fn name(run: &Run) -> String {
    match clients::client(run.kind) {
        Some(client) => client.descriptor().name.to_owned(),
        None => run.kind.to_string(),
    }
}

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

    #[test]
    fn two_refreshes_for_one_token_are_one_too_many() {
        let mut run = run();
        run.two_at_once = Some(2);
        let row = ROWS.iter().find(|row| row.name.contains("two pages"));
        assert_eq!((row.unwrap().answer)(&run).0, Tone::Lost);
    }

    #[test]
    fn a_run_that_came_to_nothing_claims_nothing() {
        let run = Run::begin(confidant_wire::ClientKind::BFF);
        for row in ROWS.iter().filter(|row| !row.name.starts_with("Requests")) {
            assert_eq!((row.answer)(&run), unknown(), "{}", row.name);
        }
    }

    #[test]
    fn only_a_refusal_is_reported_as_one() {
        let mut run = run();
        for (status, tone) in [
            (200, Tone::Lost),
            (401, Tone::Kept),
            (503, Tone::Plain),
            (0, Tone::Plain),
        ] {
            run.stolen = Some(status);
            assert_eq!(stolen(&run).0, tone, "{status}");
        }
    }
}

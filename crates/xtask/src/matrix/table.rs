//! The matrix as a Markdown table.

use serde_json::Value;

use super::cells::{ATTACKS, KINDS, find};

/// Renders a table for each browser: a row for each attack under the same
/// conditions, a column for each kind. A cell that differs from the RFC has a
/// star.
pub(super) fn render(cells: &[Value]) -> String {
    let mut text = String::new();
    for browser in ["chromium", "firefox"] {
        let conditions = conditions(cells, browser);
        if conditions.is_empty() {
            continue;
        }
        text += &format!("| {browser} | {} |\n", KINDS.join(" | "));
        text += &format!("| --- |{}\n", " --- |".repeat(KINDS.len()));
        for (attack, condition) in conditions {
            let name = match condition {
                "" => attack.to_owned(),
                condition => format!("{attack}, {condition}"),
            };
            let row = KINDS.map(|kind| {
                find(cells, browser, kind, attack, condition).map_or("not measured".into(), words)
            });
            text += &format!("| {name} | {} |\n", row.join(" | "));
        }
    }
    text
}

fn words(cell: &Value) -> String {
    let verdict = cell["verdict"].as_str().unwrap_or_default();
    let star = if cell["verdict"] == cell["expected"] {
        ""
    } else {
        "*"
    };
    format!("{verdict}{star}")
}

/// Returns the attacks and the conditions that were measured in this browser, the
/// RFC's own case of an attack first.
fn conditions<'a>(cells: &'a [Value], browser: &str) -> Vec<(&'static str, &'a str)> {
    let mut rows = Vec::new();
    for attack in ATTACKS {
        let mut names: Vec<_> = cells
            .iter()
            .filter(|cell| cell["browser"] == browser && cell["attack"] == attack)
            .filter_map(|cell| cell["conditions"].as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        rows.extend(names.into_iter().map(|name| (attack, name)));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_difference_has_a_star_and_a_gap_says_so() {
        let cell = |kind: &str, conditions: &str, verdict: &str| {
            json!({
                "browser": "chromium", "kind": kind, "attack": "5.1.3",
                "conditions": conditions, "expected": "succeeds", "verdict": verdict,
            })
        };
        let cells = [
            cell("browser", "policy", "fails"),
            cell("worker", "", "succeeds"),
        ];
        let lines: Vec<_> = render(&cells).lines().map(str::to_owned).collect();
        assert_eq!(
            lines[2..],
            [
                "| 5.1.3 | not measured | not measured | not measured | not measured | succeeds |",
                "| 5.1.3, policy | not measured | not measured | fails* | not measured | not measured |",
            ]
        );
    }
}

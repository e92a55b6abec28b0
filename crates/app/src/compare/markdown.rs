//! The result as Markdown.

use super::{
    measurements::{RFC, ROWS, name},
    result::Comparison,
};
use std::fmt::Write;

/// Renders the table as Markdown.
pub(super) fn markdown(comparison: &Comparison) -> String {
    let mut text = String::from("| |");
    for run in &comparison.runs {
        let _ = write!(text, " {} |", cell(&name(run)));
    }
    text.push_str("\n| --- |");
    text.push_str(&" --- |".repeat(comparison.runs.len()));
    for row in &ROWS {
        let _ = write!(text, "\n| {}", row.name);
        if let Some(section) = row.section {
            let _ = write!(text, " ([{section}]({RFC}#section-{section}))");
        }
        text.push_str(" |");
        for run in &comparison.runs {
            let _ = write!(text, " {} |", cell(&(row.answer)(run).1));
        }
    }
    text.push('\n');
    text
}

/// What stands in a cell: one line, and no bar of its own.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::result::tests::run;

    #[test]
    fn every_row_has_a_cell_for_every_run() {
        let mut comparison = Comparison::begin(0);
        comparison.runs.extend([run(), run()]);
        let text = markdown(&comparison);
        assert_eq!(text.lines().count(), ROWS.len() + 2);
        for line in text.lines() {
            assert_eq!(line.matches('|').count(), 4, "{line}");
        }
    }
}

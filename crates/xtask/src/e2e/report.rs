//! Playwright's JSON report: the number of tests, and why some failed.

use serde_json::Value;

use crate::steps::{FailedTest, Tests};

/// The results of a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) tests: Tests,
    pub(super) failed: Vec<FailedTest>,
}

impl Report {
    /// Parses a report. An empty text counts no tests.
    pub(super) fn parse(text: &str) -> Self {
        let report: Value = serde_json::from_str(text).unwrap_or_default();
        let figure = |name: &str| report["stats"][name].as_u64().unwrap_or_default();
        let mut failed = Vec::new();
        collect(&report, "", &mut failed);
        Self {
            tests: Tests {
                passed: figure("expected"),
                failed: figure("unexpected") + figure("flaky"),
                skipped: figure("skipped"),
            },
            failed,
        }
    }
}

/// Adds the failed tests of a suite and of the suites in it. The outermost suite is a
/// file; `above` is the titles of the outer suites.
fn collect(suite: &Value, above: &str, failed: &mut Vec<FailedTest>) {
    for inner in list(&suite["suites"]) {
        let title = format!("{above}{} › ", text(&inner["title"]));
        for spec in list(&inner["specs"]) {
            for test in list(&spec["tests"]) {
                if !matches!(text(&test["status"]), "unexpected" | "flaky") {
                    continue;
                }
                let browser = text(&test["projectName"]);
                failed.push(FailedTest::new(
                    format!("[{browser}] {title}{}", text(&spec["title"])),
                    list(&test["results"])
                        .flat_map(|result| list(&result["errors"]))
                        .flat_map(|error| text(&error["message"]).lines()),
                ));
            }
        }
        collect(inner, &title, failed);
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flaky_browser_test_counts_as_failed() {
        let report = r#"{"stats":{"expected":20,"unexpected":1,"flaky":2,"skipped":3}}"#;
        let tests = Tests {
            passed: 20,
            failed: 3,
            skipped: 3,
        };
        assert_eq!(Report::parse(report).tests, tests);
    }

    #[test]
    fn an_empty_report_counts_no_tests() {
        assert_eq!(Report::parse(""), Report::default());
    }

    #[test]
    fn a_failed_test_is_named_with_its_message() {
        let spec = |title: &str, status: &str| {
            let results = serde_json::json!([{ "errors": [{
                "message": "Error: \u{1b}[31mwrong\u{1b}[39m\n\nExpected: 1"
            }] }]);
            serde_json::json!({ "title": title, "tests": [{
                "projectName": "chromium", "status": status, "results": results
            }] })
        };
        let suite = serde_json::json!({ "title": "strict", "specs": [
            spec("lives", "expected"), spec("dies", "unexpected")
        ] });
        let report = serde_json::json!({ "suites": [
            { "title": "faults.spec.ts", "specs": [], "suites": [suite] }
        ] });
        let failed = Report::parse(&report.to_string()).failed;
        let [only] = failed.as_slice() else {
            panic!("{failed:?}");
        };
        assert_eq!(
            only.to_string(),
            "[chromium] faults.spec.ts › strict › dies\n    Error: wrong\n    Expected: 1"
        );
    }
}

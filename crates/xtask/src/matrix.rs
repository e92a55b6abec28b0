//! The attacks of RFC 10017, section 5.1, on every client kind: runs the browser
//! tests that carry them out, and puts their cells together.

mod cells;
mod table;

use std::{fs, path::PathBuf};

use cells::{ATTACKS, KINDS, find};
use serde_json::Value;

use crate::{
    e2e,
    error::{AtPath, Error},
    profile::Profile,
    steps::{Steps, Tests},
    workspace::Workspace,
};

/// Builds everything, runs the attacks and reports.
pub(crate) fn run(workspace: &Workspace, steps: &mut Steps) -> Option<Tests> {
    forget(workspace, steps)?;
    let attacks = ["tests/matrix.spec.ts".to_owned()];
    let tests = e2e::build_and_run(workspace, steps, Profile::Debug, &attacks)?;
    report(workspace, steps);
    Some(tests)
}

/// Prints the matrix of the last run and writes `target/rfc10017.json`. Fails if a
/// cell is missing or differs from the RFC without a known reason.
pub(crate) fn report(workspace: &Workspace, steps: &mut Steps) {
    steps.run("Put the RFC 10017 matrix together", || {
        let cells = read(workspace)?;
        let file = workspace.target().join("rfc10017.json");
        let text = serde_json::to_string_pretty(&cells)
            .map_err(|error| Error::Message(error.to_string()))?;
        fs::write(&file, text).at(&file)?;
        println!("{}", table::render(&cells));
        check(&cells)
    });
}

/// Removes the cells of an earlier run.
pub(crate) fn forget(workspace: &Workspace, steps: &mut Steps) -> Option<()> {
    steps.run("Remove the RFC 10017 matrix of an earlier run", || {
        let folder = folder(workspace);
        if folder.exists() {
            fs::remove_dir_all(&folder).at(&folder)?;
        }
        Ok(())
    })
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target().join("e2e/rfc10017")
}

fn read(workspace: &Workspace) -> Result<Vec<Value>, Error> {
    let folder = folder(workspace);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .at(&folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    let mut cells = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).at(&file)?;
        let cell = serde_json::from_str(&text)
            .map_err(|error| Error::Message(format!("{}: {error}", file.display())))?;
        cells.push(cell);
    }
    Ok(cells)
}

/// Checks that the RFC's own case was measured in Chromium for every kind and
/// attack, and that every difference has a reason.
fn check(cells: &[Value]) -> Result<(), Error> {
    let mut wrong = Vec::new();
    for kind in KINDS {
        for attack in ATTACKS {
            if find(cells, "chromium", kind, attack, "").is_none() {
                wrong.push(format!("{kind}/{attack} was not measured"));
            }
        }
    }
    for cell in cells {
        let text = |name: &str| cell[name].as_str().unwrap_or_default();
        let differs = text("verdict") != text("expected");
        if text("verdict") == "not decided" || (differs && cell["reason"].is_null()) {
            wrong.push(format!(
                "{}/{}/{} in {}: {}, and the RFC says {}",
                text("kind"),
                text("attack"),
                text("conditions"),
                text("browser"),
                text("verdict"),
                text("expected")
            ));
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Error::Message(wrong.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn cell(kind: &str, attack: &str) -> Value {
        json!({
            "browser": "chromium", "kind": kind, "attack": attack, "conditions": "",
            "expected": "fails", "verdict": "fails",
        })
    }

    fn all() -> Vec<Value> {
        KINDS
            .iter()
            .flat_map(|kind| ATTACKS.map(|attack| cell(kind, attack)))
            .collect()
    }

    #[test]
    fn a_matrix_as_the_rfc_has_it_is_right() {
        assert!(check(&all()).is_ok());
    }

    #[test]
    fn a_cell_that_was_not_measured_is_reported() {
        let error = check(&all()[1..]).unwrap_err().to_string();
        assert!(error.contains("bff/5.1.1 was not measured"), "{error}");
    }

    #[test]
    fn a_difference_needs_a_reason() {
        let mut cells = all();
        cells[0]["verdict"] = json!("succeeds");
        let error = check(&cells).unwrap_err().to_string();
        assert!(error.contains("bff/5.1.1"), "{error}");
        cells[0]["reason"] = json!("The test says so.");
        assert!(check(&cells).is_ok());
    }

    #[test]
    fn an_undecided_cell_is_never_right() {
        let mut cells = all();
        cells[0]["verdict"] = json!("not decided");
        cells[0]["reason"] = json!("The browser was slow.");
        assert!(check(&cells).is_err());
    }
}

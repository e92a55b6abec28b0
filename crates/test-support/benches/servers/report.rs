//! The results, as a table on the terminal and as a JSON file.

use confidant_test_support::Error;
use serde_json::{Value, json};
use std::{fs, path::Path, thread, time::SystemTime};

/// The results so far.
#[derive(Debug)]
pub(crate) struct Report {
    began: u64,
    rows: Vec<Value>,
    left_out: Vec<String>,
}

impl Report {
    /// Returns an empty report that begins now.
    pub(crate) fn begin() -> Self {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Self {
            began: now.unwrap_or_default().as_secs(),
            rows: Vec::new(),
            left_out: Vec::new(),
        }
    }

    /// Adds a row to a table and prints it.
    pub(crate) fn add_row(&mut self, table: &str, name: &str, figures: Value) {
        let last = self.rows.last().map(|row| row["table"].clone());
        if last != Some(json!(table)) {
            println!("\n{table}");
        }
        println!("  {name:<34} {}", one_line(&figures));
        self.rows
            .push(json!({"table": table, "name": name, "figures": figures}));
    }

    /// Reports what cannot be measured on this machine.
    pub(crate) fn leave_out(&mut self, what: impl Into<String>) {
        let what = what.into();
        println!("\nLEFT OUT: {what}");
        self.left_out.push(what);
    }

    /// Writes the JSON file.
    pub(crate) fn write(&self, output: &Path) -> Result<(), Error> {
        for what in &self.left_out {
            println!("\nLEFT OUT: {what}");
        }
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let report = json!({
            "began": self.began,
            "cores": cores,
            "rows": self.rows,
            "left_out": self.left_out,
        });
        fs::write(output, format!("{report:#}\n")).map_err(Error::at(output))?;
        println!("\nwritten to {}", output.display());
        Ok(())
    }
}

/// Formats the figures of a row as `name value, name value`.
fn one_line(figures: &Value) -> String {
    let Some(figures) = figures.as_object() else {
        return figures.to_string();
    };
    let pair = |(name, value): (&String, &Value)| match value {
        Value::String(text) => format!("{name} {text}"),
        Value::Array(runs) => {
            let runs: Vec<_> = runs.iter().map(ToString::to_string).collect();
            format!("{name} {}", runs.join("/"))
        }
        other => format!("{name} {other}"),
    };
    figures.iter().map(pair).collect::<Vec<_>>().join(", ")
}

/// Returns the median.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// Rounds to this number of decimal places.
pub(crate) fn rounded(value: f64, places: i32) -> f64 {
    let scale = 10_f64.powi(places);
    (value * scale).round() / scale
}

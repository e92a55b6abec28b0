//! The figures, for users and for programs.

use confidant_test_support::Error;
use serde_json::{Value, json};
use std::{fs, path::Path, time::SystemTime};

/// Everything that was measured so far.
#[derive(Debug)]
pub(crate) struct Report {
    began: u64,
    rows: Vec<Value>,
    left_out: Vec<String>,
}

impl Report {
    pub(crate) fn begin() -> Self {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Self {
            began: now.unwrap_or_default().as_secs(),
            rows: Vec::new(),
            left_out: Vec::new(),
        }
    }

    /// Adds a row to a table, and prints it.
    pub(crate) fn row(&mut self, table: &str, name: &str, figures: Value) {
        let last = self.rows.last().map(|row| row["table"].clone());
        if last != Some(json!(table)) {
            println!("\n{table}");
        }
        println!("  {name:<34} {}", words(&figures));
        self.rows
            .push(json!({"table": table, "name": name, "figures": figures}));
    }

    /// Says what could not be measured here.
    pub(crate) fn leave_out(&mut self, what: impl Into<String>) {
        let what = what.into();
        println!("\nLEFT OUT: {what}");
        self.left_out.push(what);
    }

    /// Writes everything into a file.
    pub(crate) fn finish(&self, output: &Path) -> Result<(), Error> {
        for what in &self.left_out {
            println!("\nLEFT OUT: {what}");
        }
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let report = json!({
            "began": self.began,
            "cores": cores,
            "rows": self.rows,
            "left_out": self.left_out,
        });
        let text = format!("{report:#}\n");
        fs::write(output, text).map_err(|source| Error::File {
            path: output.to_owned(),
            source,
        })?;
        println!("\nwritten to {}", output.display());
        Ok(())
    }
}

/// One line: `name value, name value`.
fn words(figures: &Value) -> String {
    let Some(figures) = figures.as_object() else {
        return figures.to_string();
    };
    let word = |(name, value): (&String, &Value)| match value {
        Value::String(text) => format!("{name} {text}"),
        Value::Array(runs) => {
            let runs: Vec<_> = runs.iter().map(ToString::to_string).collect();
            format!("{name} {}", runs.join("/"))
        }
        other => format!("{name} {other}"),
    };
    figures.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// The middle one.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// With so many digits behind the point.
pub(crate) fn rounded(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}

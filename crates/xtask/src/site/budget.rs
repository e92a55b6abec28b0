//! How much the browser may have to fetch before the page answers.

use std::{fs, path::Path};

use super::compress::with_suffix;
use crate::{
    failure::{AtPath, Failure},
    wasm::Pages,
};

/// The most that JavaScript and WebAssembly may weigh together after brotli, in
/// bytes. An island that says hello and nothing else weighs 81,000.
fn limit(pages: Pages) -> u64 {
    match pages {
        Pages::Drawn => 155_000,
        // With two OAuth clients in it, and the comparison. Only their pages
        // load it.
        Pages::Live => 300_000,
    }
}

/// Prints the two weights.
///
/// # Errors
/// When they are over the limit, or a compressed file is missing.
pub(crate) fn keep(pages: Pages, script: &Path, module: &Path) -> Result<(), Failure> {
    let weigh = |file: &Path| {
        let compressed = with_suffix(file, "br");
        fs::metadata(&compressed)
            .map(|data| data.len())
            .at(compressed)
    };
    let (script, module) = (weigh(script)?, weigh(module)?);
    println!(
        "   after brotli: JavaScript {}, WebAssembly {}, together {} of {}",
        kilobytes(script),
        kilobytes(module),
        kilobytes(script + module),
        kilobytes(limit(pages))
    );
    within_limit(script + module, limit(pages))
}

fn within_limit(weight: u64, limit: u64) -> Result<(), Failure> {
    if weight <= limit {
        return Ok(());
    }
    Err(Failure::Because(format!(
        "JavaScript and WebAssembly weigh {} after brotli; the limit is {}",
        kilobytes(weight),
        kilobytes(limit)
    )))
}

fn kilobytes(bytes: u64) -> String {
    format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_over_the_limit_is_too_much() {
        assert!(within_limit(170_000, 170_000).is_ok());
        let sentence = within_limit(170_100, 170_000).unwrap_err().to_string();
        assert!(sentence.contains("170.1 kB"), "{sentence}");
    }
}

//! The most that a browser may have to download before a page is interactive.

use std::{fs, path::Path};

use super::compress::with_suffix;
use crate::error::{AtPath, Error};

/// Prints the sizes of the two files after brotli and compares their sum with
/// `limit`, in bytes.
///
/// # Errors
/// If they are larger, or a compressed file is missing.
pub(super) fn check(script: &Path, module: &Path, limit: u64) -> Result<(), Error> {
    let size = |file: &Path| {
        let compressed = with_suffix(file, "br");
        fs::metadata(&compressed)
            .map(|data| data.len())
            .at(compressed)
    };
    let (script, module) = (size(script)?, size(module)?);
    println!(
        "   after brotli: JavaScript {}, WebAssembly {}, together {} of {}",
        kilobytes(script),
        kilobytes(module),
        kilobytes(script + module),
        kilobytes(limit)
    );
    within_limit(script + module, limit)
}

fn within_limit(size: u64, limit: u64) -> Result<(), Error> {
    if size <= limit {
        return Ok(());
    }
    Err(Error::Message(format!(
        "JavaScript and WebAssembly weigh {} after brotli; the limit is {}",
        kilobytes(size),
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
        assert!(within_limit(170_001, 170_000).is_err());
        let sentence = within_limit(170_100, 170_000).unwrap_err().to_string();
        assert!(sentence.contains("170.1 kB"), "{sentence}");
    }
}

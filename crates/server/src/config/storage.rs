//! The database and the file with its encryption keys.

use super::{
    diagnostics::Diagnostics,
    schema::{File, MaybeSpanned},
};
use confidant_bff::store::{BadUrl, StoreUrl};
use std::path::{Path, PathBuf};

const DEFAULT_FILE: &str = "confidant.db";

/// Returns the URL of the database.
pub(super) fn store(
    value: &MaybeSpanned<String>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<StoreUrl> {
    match value {
        Some(value) => diagnostics.parse(value, |text| {
            text.parse().map_err(|error: BadUrl| error.to_string())
        }),
        None => format!("sqlite:{DEFAULT_FILE}").parse().ok(),
    }
}

/// Returns the database's file. If the database is not a file, returns the
/// default file, next to which the demo's other files are kept.
pub(super) fn path(url: &StoreUrl) -> &Path {
    url.file().unwrap_or(Path::new(DEFAULT_FILE))
}

/// Returns the path of the key file. The demo creates the keys on its first
/// run, next to the database.
pub(super) fn key_file(
    file: &File,
    store: Option<&StoreUrl>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<PathBuf> {
    match &file.key_file {
        Some(path) if path.get_ref().is_empty() => {
            diagnostics.report(path, "is empty: expected the path of a file");
            None
        }
        Some(path) => Some(path.get_ref().into()),
        None if file.is_demo() => Some(path(store?).with_extension("keys")),
        None => {
            let expected = "expected the path of the file with the keys that encrypt tokens in \
                            the store (`confidant keygen` makes a key)";
            diagnostics.report_missing("key_file", expected);
            None
        }
    }
}

//! Compressing the published files once, instead of for every request.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

use crate::{
    directory::files_under,
    error::{AtPath, Error},
};

/// The extensions of files that compression makes smaller.
const COMPRESSIBLE: [&str; 7] = ["js", "wasm", "css", "svg", "html", "json", "txt"];

/// Writes `.br` and `.gz` beside each compressible file in `folder` for which
/// `include` returns true.
///
/// # Errors
/// If a file cannot be read or written.
pub(super) fn compress_files(folder: &Path, include: impl Fn(&Path) -> bool) -> Result<(), Error> {
    for file in files_under(folder)? {
        let kind = file.extension().and_then(|kind| kind.to_str());
        if kind.is_some_and(|kind| COMPRESSIBLE.contains(&kind)) && include(&file) {
            let contents = fs::read(&file).at(&file)?;
            let target = with_suffix(&file, "br");
            fs::write(&target, brotli(&contents).at(&file)?).at(target)?;
            let target = with_suffix(&file, "gz");
            fs::write(&target, gzip(&contents).at(&file)?).at(target)?;
        }
    }
    Ok(())
}

/// Adds a suffix to a path: `a.js` becomes `a.js.br`.
pub(super) fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

fn brotli(contents: &[u8]) -> io::Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: 11,
        size_hint: contents.len(),
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &contents[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(contents: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(contents)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn both_versions_decompress_to_the_original() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.js");
        let text = "export const answer = 42;\n".repeat(100);
        fs::write(&file, &text).unwrap();
        fs::write(folder.path().join("b.png"), "not text").unwrap();
        compress_files(folder.path(), |_| true).unwrap();

        let compressed = fs::read(with_suffix(&file, "br")).unwrap();
        let mut original = Vec::new();
        brotli::BrotliDecompress(&mut &compressed[..], &mut original).unwrap();
        assert_eq!(original, text.as_bytes());
        assert!(compressed.len() < text.len());

        let compressed = fs::read(with_suffix(&file, "gz")).unwrap();
        let mut original = String::new();
        flate2::read::GzDecoder::new(&compressed[..])
            .read_to_string(&mut original)
            .unwrap();
        assert_eq!(original, text);

        assert!(!with_suffix(&folder.path().join("b.png"), "br").exists());
    }
}

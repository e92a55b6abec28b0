//! Compressed once here, instead of for every visitor.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

use crate::failure::{AtPath, Failure};

/// Kinds of file that compression makes smaller.
const KINDS: [&str; 7] = ["js", "wasm", "css", "svg", "html", "json", "txt"];

/// Writes `.br` and `.gz` beside each file under `folder` that `chosen` accepts.
///
/// # Errors
/// When a file cannot be read or written.
pub(crate) fn beside_each(folder: &Path, chosen: impl Fn(&Path) -> bool) -> Result<(), Failure> {
    for file in super::files_under(folder)? {
        let kind = file.extension().and_then(|kind| kind.to_str());
        if kind.is_some_and(|kind| KINDS.contains(&kind)) && chosen(&file) {
            let contents = fs::read(&file).at(&file)?;
            let target = with_suffix(&file, "br");
            fs::write(&target, brotli(&contents).at(&file)?).at(target)?;
            let target = with_suffix(&file, "gz");
            fs::write(&target, gzip(&contents).at(&file)?).at(target)?;
        }
    }
    Ok(())
}

/// `a.js` becomes `a.js.br`.
pub(crate) fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
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
    use super::*;
    use std::io::Read;

    #[test]
    fn both_forms_unpack_to_the_original() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.js");
        let text = "export const answer = 42;\n".repeat(100);
        fs::write(&file, &text).unwrap();
        fs::write(folder.path().join("b.png"), "not text").unwrap();
        beside_each(folder.path(), |_| true).unwrap();

        let packed = fs::read(with_suffix(&file, "br")).unwrap();
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &packed[..], &mut unpacked).unwrap();
        assert_eq!(unpacked, text.as_bytes());
        assert!(packed.len() < text.len());

        let packed = fs::read(with_suffix(&file, "gz")).unwrap();
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(&packed[..])
            .read_to_string(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, text);

        assert!(!with_suffix(&folder.path().join("b.png"), "br").exists());
    }
}

//! A site folder, laid out as cargo-leptos does: `pkg` contains the JavaScript, the
//! WebAssembly and the stylesheet of each bundle. In release the names contain a
//! digest of the contents, a list beside the server's binary tells Leptos the
//! names, and every file has compressed versions beside it. The file names of the
//! two profiles differ, so builds do not affect each other.

mod compress;
mod file_names;
mod size_limit;

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    bundle::{Bundle, BundleFiles},
    directory::{copy_tree, file_name, files_under},
    error::{AtPath, Error},
    profile::Profile,
    stamp::Stamp,
    workspace::Workspace,
};
use file_names::FileNames;

/// The two published files that every page loads.
#[derive(Debug)]
pub(crate) struct Published {
    script: PathBuf,
    module: PathBuf,
}

/// Copies the files of a bundle into its site folder, unless they are there
/// already.
///
/// # Errors
/// If a file cannot be read or written.
pub(crate) fn publish(
    workspace: &Workspace,
    files: &BundleFiles<'_>,
    profile: Profile,
) -> Result<Published, Error> {
    let bundle = files.bundle;
    let mut sources = vec![("js", files.script()), ("wasm", files.module())];
    let stylesheet = bundle.stylesheet.map(|file| workspace.root().join(file));
    sources.extend(stylesheet.map(|file| ("css", file)));
    let names = match profile {
        Profile::Debug => FileNames::plain(bundle.name),
        Profile::Release => FileNames::hashed(bundle.name, &sources)?,
    };
    let folder = bundle.package_folder(workspace);
    let target = |kind| folder.join(names.name(kind));
    let copies: Vec<_> = sources
        .into_iter()
        .map(|(kind, source)| (source, target(kind)))
        .collect();
    let step = format!("site-{}-{}", bundle.name, profile.for_wasm());
    let mut stamp = Stamp::of(workspace, &step);
    for (source, _) in &copies {
        stamp = stamp.file(source)?;
    }
    let (script, module) = (target("js"), target("wasm"));
    stamp.unless_done(&module, || {
        copy_files(files, &folder, &copies)?;
        if profile == Profile::Release {
            let binary_folder = workspace.target().join(profile.folder());
            names.write(&binary_folder, bundle.hash_file)?;
            remove_superseded(&folder, &names)?;
            let site = bundle.site_folder(workspace);
            compress::compress_files(&site, |file| names.includes(file))?;
        }
        Ok(())
    })?;
    Ok(Published { script, module })
}

/// Compares the compressed size of the published files with the bundle's limit.
///
/// # Errors
/// If they are larger, or a compressed file is missing.
pub(crate) fn check_size(published: &Published, bundle: &Bundle) -> Result<(), Error> {
    size_limit::check(&published.script, &published.module, bundle.size_limit)
}

fn copy_files(
    files: &BundleFiles<'_>,
    folder: &Path,
    copies: &[(PathBuf, PathBuf)],
) -> Result<(), Error> {
    fs::create_dir_all(folder).at(folder)?;
    for (source, target) in copies {
        fs::copy(source, target).at(source)?;
    }
    if files.snippets().is_dir() {
        copy_tree(&files.snippets(), &folder.join("snippets"))?;
    }
    Ok(())
}

/// Removes the hashed files of earlier builds: no page refers to them any more.
fn remove_superseded(folder: &Path, names: &FileNames) -> Result<(), Error> {
    for file in files_under(folder)? {
        if names.is_hashed(&file_name(&file)) && !names.includes(&file) {
            fs::remove_file(&file).at(&file)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn superseded_files_are_removed_and_all_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let new = folder.path().join("new.js");
        fs::write(&new, "new").unwrap();
        let names = FileNames::hashed("confidant", &[("js", new)]).unwrap();
        let package = folder.path().join("pkg");
        fs::create_dir_all(package.join("snippets")).unwrap();
        let current = names.name("js");
        let all = [
            "confidant.js",
            "confidant-browser.0123456789abcdef.js",
            "confidant.0123456789abcdef.js",
            "confidant.0123456789abcdef.js.br",
            &current,
            "snippets/inline0.js",
        ];
        for name in all {
            fs::write(package.join(name), "x").unwrap();
        }
        remove_superseded(&package, &names).unwrap();
        let left: Vec<_> = all
            .iter()
            .filter(|name| package.join(name).exists())
            .collect();
        let expected = [
            "confidant.js",
            "confidant-browser.0123456789abcdef.js",
            &current,
            "snippets/inline0.js",
        ];
        assert_eq!(left, expected.iter().collect::<Vec<_>>());
    }
}

//! The site folder, laid out as cargo-leptos does: `target/site/pkg` holds
//! `confidant.js`, `confidant.wasm` and `confidant.css`, and the same of
//! `confidant-browser`. In release the names carry a digest of the contents, a list
//! for each bundle beside the server's binary tells Leptos which, and every file
//! has its compressed forms beside it. The two profiles' names differ, so one
//! build never disturbs the other.

mod budget;
mod compress;
mod names;

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    failure::{AtPath, Failure},
    stamp::Stamp,
    wasm::{Bundle, Pages, Profile},
    workspace::Workspace,
};
use names::Digests;

/// Lays out what the browser gets, unless it lies there already.
///
/// # Errors
/// When a file cannot be read or written.
pub(crate) fn lay_out(
    workspace: &Workspace,
    bundle: &Bundle,
    profile: Profile,
) -> Result<Placed, Failure> {
    let pages = bundle.pages;
    let mut sources = vec![("js", bundle.script()), ("wasm", bundle.module())];
    if pages == Pages::Drawn {
        // One stylesheet serves all pages.
        sources.push(("css", workspace.stylesheet()));
    }
    let digests = match profile {
        Profile::Debug => Digests::none(pages.name()),
        Profile::Release => Digests::of(pages.name(), &sources)?,
    };
    let target = |kind| workspace.package().join(digests.name(kind));
    let placed: Vec<_> = sources
        .into_iter()
        .map(|(kind, source)| (source, target(kind)))
        .collect();
    let mut stamp = Stamp::of(
        workspace,
        &format!("site-{}-{}", pages.name(), profile.for_wasm()),
    );
    for (source, _) in &placed {
        stamp = stamp.file(source)?;
    }
    let (script, module) = (target("js"), target("wasm"));
    stamp.unless_done(&module, || {
        place(workspace, bundle, &placed)?;
        if profile == Profile::Release {
            let list = workspace.target().join(profile.folder());
            digests.write(&list, pages.hash_file())?;
            remove_superseded(&workspace.package(), &digests)?;
            compress::beside_each(&workspace.site(), |file| digests.covers(file))?;
        }
        Ok(())
    })?;
    Ok(Placed { script, module })
}

/// Where the two files lie that the browser cannot do without.
#[derive(Debug)]
pub(crate) struct Placed {
    script: PathBuf,
    module: PathBuf,
}

/// Weighs the files as they travel.
///
/// # Errors
/// When they are over their budget, or were not compressed.
pub(crate) fn weigh(placed: &Placed, pages: Pages) -> Result<(), Failure> {
    budget::keep(pages, &placed.script, &placed.module)
}

fn place(
    workspace: &Workspace,
    bundle: &Bundle,
    placed: &[(PathBuf, PathBuf)],
) -> Result<(), Failure> {
    let package = workspace.package();
    fs::create_dir_all(&package).at(&package)?;
    for (source, target) in placed {
        fs::copy(source, target).at(source)?;
    }
    if bundle.snippets().is_dir() {
        copy_tree(&bundle.snippets(), &package.join("snippets"))?;
    }
    Ok(())
}

/// Old hashed files: nobody is told of them any more.
fn remove_superseded(package: &Path, digests: &Digests) -> Result<(), Failure> {
    for file in files_under(package)? {
        let name = file_name(&file);
        if digests.is_hashed(&name) && !digests.covers(&file) {
            fs::remove_file(&file).at(&file)?;
        }
    }
    Ok(())
}

/// Copies a folder with everything in it.
///
/// # Errors
/// When a file cannot be read or written.
pub(crate) fn copy_tree(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::create_dir_all(to).at(to)?;
    for entry in fs::read_dir(from).at(from)? {
        let path = entry.at(from)?.path();
        let target = to.join(file_name(&path));
        if path.is_dir() {
            copy_tree(&path, &target)?;
        } else {
            fs::copy(&path, &target).at(&path)?;
        }
    }
    Ok(())
}

fn files_under(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).at(folder)? {
        let path = entry.at(folder)?.path();
        if path.is_dir() {
            files.extend(files_under(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn superseded_files_go_and_everything_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let new = folder.path().join("new.js");
        fs::write(&new, "new").unwrap();
        let digests = Digests::of("confidant", &[("js", new)]).unwrap();
        let package = folder.path().join("pkg");
        fs::create_dir_all(package.join("snippets")).unwrap();
        let current = digests.name("js");
        let names = [
            "confidant.js",
            "confidant-browser.0123456789abcdef.js",
            "confidant.0123456789abcdef.js",
            "confidant.0123456789abcdef.js.br",
            &current,
            "snippets/inline0.js",
        ];
        for name in names {
            fs::write(package.join(name), "x").unwrap();
        }
        remove_superseded(&package, &digests).unwrap();
        let left: Vec<_> = names
            .iter()
            .filter(|name| package.join(name).exists())
            .collect();
        let kept = [
            "confidant.js",
            "confidant-browser.0123456789abcdef.js",
            &current,
            "snippets/inline0.js",
        ];
        assert_eq!(left, kept.iter().collect::<Vec<_>>());
    }
}

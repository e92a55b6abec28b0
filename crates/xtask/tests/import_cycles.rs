//! No import cycle among the modules of a crate, apart from the declaration of a
//! module by its parent.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot read the sources has failed"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The crates that are free of cycles, by folder.
const CRATES: [&str; 3] = ["browser-client", "protocol", "wire"];

/// A path to a module or an item, without `crate`.
type ItemPath = Vec<String>;

/// The modules of one crate, without its tests.
#[derive(Default)]
struct Modules {
    /// The source of each module, without comments.
    sources: BTreeMap<ItemPath, String>,
}

impl Modules {
    fn read(folder: &Path) -> Self {
        let mut modules = Self::default();
        modules.read_folder(&folder.join("src"), &[]);
        modules
    }

    fn read_folder(&mut self, folder: &Path, parent: &[String]) {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let child = [parent, std::slice::from_ref(&name)].concat();
            if path.is_dir() {
                self.read_folder(&path, &child);
            } else if matches!(name.as_str(), "lib" | "main" | "mod") {
                self.add(parent.to_vec(), &path);
            } else {
                self.add(child, &path);
            }
        }
    }

    fn add(&mut self, module: ItemPath, path: &Path) {
        let is_test = |name: &String| name == "tests" || name == "testing";
        if !module.iter().any(is_test) {
            let source = fs::read_to_string(path).unwrap();
            let uncommented: String = source
                .split("#[cfg(test)]")
                .next()
                .unwrap()
                .lines()
                .map(|line| line.split("//").next().unwrap_or_default())
                .collect::<Vec<_>>()
                .join("\n");
            self.sources.insert(module, uncommented);
        }
    }

    /// Returns the imports of a module, and its re-exports by name.
    fn uses(&self, module: &[String]) -> (BTreeSet<ItemPath>, BTreeMap<String, ItemPath>) {
        let (mut imports, mut exports) = (BTreeSet::new(), BTreeMap::new());
        let mut rest = self.sources[module].as_str();
        let mut code = String::new();
        while let Some(at) = rest.find("use ") {
            let (before, from) = rest.split_at(at);
            let Some(end) = from.find(';') else { break };
            let line = before.rsplit('\n').next().unwrap_or_default();
            let is_public = line.trim_start().starts_with("pub");
            code.push_str(before);
            for path in expand(&from["use ".len()..end]) {
                let path = self.absolute(module, &path);
                match path {
                    Some(path) if is_public => {
                        exports.insert(path.last().unwrap().clone(), path);
                    }
                    Some(path) => drop(imports.insert(path)),
                    None => {}
                }
            }
            rest = &from[end + 1..];
        }
        code.push_str(rest);
        // Paths in expressions and types.
        let part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        for path in code.split(|c| !part(c)).filter(|path| path.contains("::")) {
            let path: Vec<_> = path.split("::").map(str::to_owned).collect();
            imports.extend(self.absolute(module, &path));
        }
        (imports, exports)
    }

    /// Resolves a path of a module, if it leads into this crate.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<ItemPath> {
        let first = path.first()?.as_str();
        let parent = &module[..module.len().saturating_sub(1)];
        let base = match first {
            "crate" | "$crate" => &[],
            "self" => module,
            "super" => parent,
            child => {
                let child = [module, &[child.to_owned()]].concat();
                let is_child = self.sources.contains_key(&child);
                return is_child.then(|| [module, path].concat());
            }
        };
        Some([base, &path[1..]].concat())
    }

    /// Returns the module that defines what a path names, through re-exports.
    fn definer(&self, path: &[String], depth: usize) -> Option<ItemPath> {
        let module = (0..=path.len())
            .rev()
            .map(|length| &path[..length])
            .find(|prefix| self.sources.contains_key(*prefix))?;
        let item = path.get(module.len());
        let exported = item.and_then(|item| self.uses(module).1.remove(item));
        match exported {
            Some(path) if depth > 0 => self.definer(&path, depth - 1),
            _ => Some(module.to_vec()),
        }
    }

    fn edges(&self) -> BTreeMap<ItemPath, BTreeSet<ItemPath>> {
        let targets = |module: &ItemPath| {
            let (imports, _) = self.uses(module);
            let targets = imports.iter().filter_map(|path| self.definer(path, 8));
            targets.filter(|target| target != module).collect()
        };
        let modules = self.sources.keys();
        modules
            .map(|module| (module.clone(), targets(module)))
            .collect()
    }
}

/// Expands the braces of a `use` declaration.
fn expand(text: &str) -> Vec<ItemPath> {
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((prefix, rest)) = text.split_once('{') else {
        let path = text.split(" as ").next().unwrap_or_default();
        let parts = path.split("::").map(|part| part.trim().to_owned());
        return vec![parts.filter(|part| !part.is_empty()).collect()];
    };
    let inner = &rest[..rest.rfind('}').unwrap_or(rest.len())];
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inner[start..]);
    let named = parts.into_iter().map(str::trim);
    named
        .filter(|part| !part.is_empty())
        .flat_map(|part| expand(&format!("{prefix}{part}")))
        .map(|path| path.into_iter().filter(|part| part != "self").collect())
        .collect()
}

/// Returns a cycle, if there is one.
fn cycle(edges: &BTreeMap<ItemPath, BTreeSet<ItemPath>>) -> Option<Vec<String>> {
    fn visit(
        module: &ItemPath,
        edges: &BTreeMap<ItemPath, BTreeSet<ItemPath>>,
        path: &mut Vec<ItemPath>,
        finished: &mut BTreeSet<ItemPath>,
    ) -> bool {
        if let Some(at) = path.iter().position(|known| known == module) {
            path.drain(..at);
            return true;
        }
        if finished.contains(module) {
            return false;
        }
        path.push(module.clone());
        for target in edges.get(module).into_iter().flatten() {
            if visit(target, edges, path, finished) {
                return true;
            }
        }
        path.pop();
        finished.insert(module.clone());
        false
    }
    let (mut path, mut finished) = (Vec::new(), BTreeSet::new());
    edges
        .keys()
        .any(|module| visit(module, edges, &mut path, &mut finished))
        .then(|| path.iter().map(|module| module.join("::")).collect())
}

#[test]
fn no_crate_in_the_list_has_an_import_cycle() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for name in CRATES {
        let modules = Modules::read(&crates.join(name));
        let edges = modules.edges();
        let count: usize = edges.values().map(BTreeSet::len).sum();
        assert!(
            count >= edges.len() / 2,
            "{name}: only {count} imports were found"
        );
        assert_eq!(cycle(&edges), None, "{name}");
    }
}

#[test]
fn a_cycle_is_found_through_re_exports_and_inline_paths() {
    let sources = [
        ("", "pub use a::Item;"),
        ("a", "use crate::{b::Other, c};\npub struct Item;"),
        ("b", "pub struct Other(crate::Item);"),
        ("c", "fn nothing() {}"),
    ];
    let mut modules = Modules::default();
    for (module, source) in sources {
        let module = module.split("::").filter(|part| !part.is_empty());
        let module = module.map(str::to_owned).collect();
        modules.sources.insert(module, source.to_owned());
    }
    let found = cycle(&modules.edges()).unwrap();
    assert_eq!(found, ["a", "b"]);
}

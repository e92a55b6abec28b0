//! The modules of a crate, and which of them uses which.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use crate::paths::Paths;
use syn::{Attribute, Item, ItemMod};

/// The path of a module from the root of its crate, which is the empty path.
pub(crate) type ModulePath = Vec<String>;

/// A crate's modules, each with the modules that it uses.
#[derive(Debug, Default)]
pub(crate) struct ModuleGraph {
    uses: BTreeMap<ModulePath, BTreeSet<ModulePath>>,
}

impl ModuleGraph {
    /// Reads the crate with this root file. Leaves out modules under `#[cfg(test)]`.
    ///
    /// A path to a re-exported name is a use of the module that defines it. A module
    /// that re-exports names of its own children does not use them.
    pub(crate) fn of_crate(root: &Path) -> Self {
        let mut modules = Modules::default();
        modules.collect(parse(root), Vec::new(), root.parent().unwrap());
        let mut graph = Self::default();
        for (module, paths) in &modules.0 {
            let used = paths.used.iter();
            let mut used: BTreeSet<_> = used
                .filter_map(|path| modules.resolve(path, module))
                .collect();
            let exported = paths.exported.iter();
            let exported = exported.filter_map(|(_, path)| modules.resolve(path, module));
            used.extend(exported.filter(|target| !target.starts_with(module)));
            used.remove(module);
            graph.uses.insert(module.clone(), used);
        }
        graph
    }

    /// Returns the number of modules.
    pub(crate) fn len(&self) -> usize {
        self.uses.len()
    }

    /// Returns a line for each set of modules that use each other in a circle: the
    /// uses within the set.
    pub(crate) fn cycles(&self) -> Vec<String> {
        let reachable: BTreeMap<_, _> = self
            .uses
            .keys()
            .map(|module| (module, self.reachable_from(module)))
            .collect();
        let mut cycles = BTreeSet::new();
        for (module, targets) in &reachable {
            let set: BTreeSet<_> = targets
                .iter()
                .filter(|target| reachable[target].contains(*module))
                .collect();
            if set.is_empty() {
                continue;
            }
            let within = |one: &&ModulePath| {
                let targets = self.uses[*one].iter();
                let targets = targets.filter(|target| set.contains(target));
                let line = |target| format!("{} -> {}", display(one), display(target));
                targets.map(line).collect::<Vec<_>>()
            };
            cycles.insert(set.iter().flat_map(within).collect::<Vec<_>>().join(", "));
        }
        cycles.into_iter().collect()
    }

    fn reachable_from(&self, module: &ModulePath) -> BTreeSet<ModulePath> {
        let mut reached = BTreeSet::new();
        let mut next: Vec<_> = self.uses[module].iter().collect();
        while let Some(module) = next.pop() {
            if reached.insert(module.clone()) {
                next.extend(&self.uses[module]);
            }
        }
        reached
    }
}

fn display(module: &ModulePath) -> String {
    let names = module.iter().map(|name| format!("::{name}"));
    format!("crate{}", names.collect::<String>())
}

fn parse(file: &Path) -> Vec<Item> {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    syn::parse_file(&text).unwrap().items
}

/// The paths in each module of a crate.
#[derive(Default)]
struct Modules(BTreeMap<ModulePath, Paths>);

impl Modules {
    /// Adds a module with its items, and the modules that it declares. `folder` is
    /// where the files of those lie.
    fn collect(&mut self, items: Vec<Item>, path: ModulePath, folder: &Path) {
        self.0.insert(path.clone(), Paths::in_items(&items));
        for item in items {
            let Item::Mod(module) = item else {
                continue;
            };
            if module.attrs.iter().any(is_cfg_test) {
                continue;
            }
            let name = module.ident.to_string();
            let mut child = path.clone();
            child.push(name.clone());
            let items = items_of(module, folder);
            self.collect(items, child, &folder.join(name));
        }
    }

    /// Returns the module that defines what a path in `module` names. Returns `None`
    /// for paths into other crates.
    fn resolve(&self, path: &[String], module: &ModulePath) -> Option<ModulePath> {
        let mut absolute = module.clone();
        let mut names = path.iter().peekable();
        match names.peek()?.as_str() {
            "crate" => {
                absolute.clear();
                names.next();
            }
            "self" => {
                names.next();
            }
            "super" => {}
            child => {
                absolute.push(child.to_owned());
                if !self.0.contains_key(&absolute) {
                    return None;
                }
                names.next();
            }
        }
        while names.next_if(|name| *name == "super").is_some() {
            absolute.pop();
        }
        while let Some(name) = names.next() {
            absolute.push(name.clone());
            if self.0.contains_key(&absolute) {
                continue;
            }
            absolute.pop();
            let mut exported = self.0[&absolute].exported.iter();
            if let Some((_, path)) = exported.find(|(exported, _)| exported == name) {
                let path: Vec<_> = path.iter().chain(names).cloned().collect();
                return self.resolve(&path, &absolute);
            }
            break;
        }
        Some(absolute)
    }
}

fn items_of(module: ItemMod, folder: &Path) -> Vec<Item> {
    if let Some((_, items)) = module.content {
        return items;
    }
    let name = module.ident.to_string();
    let candidates = [
        folder.join(format!("{name}.rs")),
        folder.join(&name).join("mod.rs"),
    ];
    let file: Option<&PathBuf> = candidates.iter().find(|file| file.is_file());
    parse(file.unwrap_or_else(|| panic!("no file for {name} in {folder:?}")))
}

fn is_cfg_test(attribute: &Attribute) -> bool {
    let is_test = || attribute.parse_args::<syn::Ident>();
    attribute.path().is_ident("cfg") && is_test().is_ok_and(|argument| argument == "test")
}

//! The paths in Rust code: of `use` declarations, expressions, types and macros.

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Ident, Item, ItemMod, ItemUse, Macro, Path, UseTree, Visibility,
    visit::{self, Visit},
};

/// The paths in the items of a module.
#[derive(Default)]
pub(crate) struct Paths {
    /// The paths that the items use.
    pub(crate) used: Vec<Vec<String>>,
    /// The names that the module re-exports, with their paths.
    pub(crate) exported: Vec<(String, Vec<String>)>,
}

impl Paths {
    /// Returns the paths in these items. Leaves out those in modules among the items.
    pub(crate) fn in_items(items: &[Item]) -> Self {
        let mut paths = Self::default();
        items.iter().for_each(|item| paths.visit_item(item));
        paths
    }

    fn add_use(&mut self, tree: &UseTree, prefix: &[String], exported: bool) {
        let with = |name: &Ident| [prefix, &[name.to_string()]].concat();
        let (name, path) = match tree {
            UseTree::Path(path) => return self.add_use(&path.tree, &with(&path.ident), exported),
            UseTree::Group(group) => {
                let trees = group.items.iter();
                return trees.for_each(|tree| self.add_use(tree, prefix, exported));
            }
            UseTree::Name(name) if name.ident == "self" => (prefix.last(), prefix.to_vec()),
            UseTree::Name(name) => (Some(&name.ident.to_string()), with(&name.ident)),
            UseTree::Rename(name) => (Some(&name.rename.to_string()), with(&name.ident)),
            UseTree::Glob(_) => (None, prefix.to_vec()),
        };
        if exported {
            let name = name.cloned().unwrap_or_default();
            self.exported.push((name, path));
        } else {
            self.used.push(path);
        }
    }

    /// Adds the paths of at least two names in the tokens of a macro.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.add_path(&mut path);
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    self.add_path(&mut path);
                    self.add_tokens(group.stream());
                }
                _ => self.add_path(&mut path),
            }
        }
        self.add_path(&mut path);
    }

    fn add_path(&mut self, path: &mut Vec<String>) {
        let path = std::mem::take(path);
        if path.len() > 1 {
            self.used.push(path);
        }
    }
}

impl<'a> Visit<'a> for Paths {
    fn visit_item_use(&mut self, item: &'a ItemUse) {
        let exported = !matches!(item.vis, Visibility::Inherited);
        self.add_use(&item.tree, &[], exported);
    }

    fn visit_path(&mut self, path: &'a Path) {
        let mut names = path.segments.iter().map(|one| one.ident.to_string());
        self.add_path(&mut names.by_ref().collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'a Macro) {
        self.add_tokens(item.tokens.clone());
        visit::visit_macro(self, item);
    }

    /// Modules have their own items.
    fn visit_item_mod(&mut self, _: &'a ItemMod) {}
}

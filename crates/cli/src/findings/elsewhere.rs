//! A name that is unknown here may be declared in a file that was given beside this one and is not in use. Files that have
//! nothing to do with each other are compiled apart, so that is pointed out here.

use super::Compiled;
use crate::files::Group;
use onward::diagnostic::Kind;
use onward::syntax;
use onward::syntax::tree::ClauseKind;
use std::collections::BTreeMap;

/// For each name the groups and files that declare it; filled only where there is more than one group.
pub type Declared = BTreeMap<String, Vec<(usize, String)>>;

/// What the groups declare.
pub fn declared(groups: &[Group]) -> Declared {
    let mut declared = Declared::new();
    if groups.len() < 2 {
        return declared;
    }
    for (number, group) in groups.iter().enumerate() {
        for source in &group.sources {
            let file = syntax::parse(0, &source.text).0;
            let facts = file.blocks.iter().flat_map(|block| &block.clauses).filter_map(|clause| match &clause.kind {
                ClauseKind::Fact(fact) => Some(&fact.name.text),
                _ => None,
            });
            for name in file.blocks.iter().map(|block| &block.name.text).chain(facts).filter(|name| !name.is_empty()) {
                declared.entry(name.clone()).or_default().push((number, source.name.clone()));
            }
        }
    }
    declared
}

/// Says of unknown names where they are declared.
pub fn point_out(compiled: &mut [Compiled], declared: &Declared) {
    if declared.is_empty() {
        return;
    }
    for (number, group) in compiled.iter_mut().enumerate() {
        let sources = &group.report.sources;
        for finding in group.report.findings.iter_mut().filter(|finding| finding.kind == Kind::UnknownName) {
            let Some(source) = sources.get(finding.at.place.source as usize) else { continue };
            let name = finding.at.place.span.of(&source.text);
            let other = declared.get(name).and_then(|all| all.iter().find(|(group, _)| *group != number));
            if let Some((_, file)) = other {
                let used = relative(&source.name, file);
                finding.help =
                    Some(format!("`{name}` is declared in `{file}`; to use it, write `use \"{used}\"` near the top"));
                finding.suggestion = None;
            }
        }
    }
}

/// The way from one source to another, as `use` writes it.
fn relative(from: &str, to: &str) -> String {
    let folder: Vec<&str> = from.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect());
    let parts: Vec<&str> = to.split('/').collect();
    let shared = folder.iter().zip(&parts).take_while(|(one, other)| one == other).count().min(parts.len() - 1);
    let up = std::iter::repeat_n("..", folder.len() - shared);
    up.chain(parts[shared..].iter().copied()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn the_way_from_one_file_to_another() {
        assert_eq!(relative("a/b.pathway", "a/c.pathway"), "c.pathway");
        assert_eq!(relative("a/b.pathway", "c.pathway"), "../c.pathway");
        assert_eq!(relative("b.pathway", "a/c.pathway"), "a/c.pathway");
        assert_eq!(relative("/x/a/b.pathway", "/x/c/d.pathway"), "../c/d.pathway");
    }
}

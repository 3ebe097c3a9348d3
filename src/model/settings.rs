//! Where a person may live, in the order of how far from home that is, and which places of a pathway say so (4.10).

use super::build::Builder;
use super::places::Draft;
use super::read_facts::title;
use super::symbols::{What, place};
use super::{Domain, Name, PlaceId, SettingId};
use crate::diagnostic::{Finding, Kind, Place as At};
use crate::syntax::tree::{Block, Clause, ClauseKind};
use serde::Serialize;

/// Somewhere a person may live.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Its name.
    pub name: Name,
    /// Its title, for people.
    pub title: String,
    /// Where it is declared.
    pub at: At,
}

/// Where the person is from when a place opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Lives {
    /// Where.
    pub setting: SettingId,
    /// Where they are told so before, if another place is named.
    pub told_in: Option<PlaceId>,
    /// Where it is written.
    #[serde(skip)]
    pub at: At,
}

impl Lives {
    /// The same, where the places have other numbers.
    pub(super) fn renumbered(self, place: impl Fn(PlaceId) -> PlaceId) -> Lives {
        Lives { told_in: self.told_in.map(place), ..self }
    }
}

/// The options of a wish that are places where the person may live, each with that place.
pub(crate) fn wished(domain: &Domain, settings: &[Setting]) -> Vec<(i64, SettingId)> {
    let Domain::OneOf(options) = domain else { return Vec::new() };
    let named = |name: &Name| settings.iter().position(|it| it.name == *name);
    let all = options.iter().enumerate();
    all.filter_map(|(value, name)| Some((value as i64, SettingId(named(name)? as u32)))).collect()
}

impl Builder<'_> {
    /// Reads the one block `distance from home`. It belongs to nobody: pathways that call each other go by one order.
    pub(super) fn read_settings(&mut self, file: usize, block: &Block) {
        if let Some(first) = self.settings.first() {
            let message = "`distance from home` is said twice";
            let finding = Finding::new(Kind::SaidTwice, place(file, block.head()), message);
            let finding = finding.label("said again here").and(first.at, "first said here");
            self.findings.push(finding.help("all pathways that are read together go by one order: keep one of them"));
            return;
        }
        for clause in &block.clauses {
            let ClauseKind::Setting { name, title: own } = &clause.kind else { continue };
            self.symbols.declare(What::Setting, self.settings.len() as u32, file, name, &mut self.findings);
            let (at, title) = (place(file, name.at), title(own.as_ref(), name));
            self.settings.push(Setting { name: Name::from(&name.text), title, at });
        }
        let far = (self.settings.len() > 1).then_some(());
        let help = "list them from home on, the nearest first: `home, home_with_support, care_home`";
        self.needed(file, block, Kind::MissingClause, "which places are how far from home", help, far);
    }
}

impl Draft {
    /// Where the person is from when a place opens.
    pub(super) fn lives(&self, on: &mut Builder<'_>, file: usize, clauses: &[Clause]) -> Option<Lives> {
        let (setting, told_in) = on.one_of(file, clauses, Kind::SaidTwice, "place", |kind| match kind {
            ClauseKind::AtPlace { setting, told_in } => Some((setting, told_in.as_ref())),
            _ => None,
        })?;
        let at = place(file, setting.at);
        let told_in = told_in.and_then(|name| self.done(on, file, name));
        let (_, id) = on.symbols.look_up(&[What::Setting], file, setting, &mut on.findings)?;
        Some(Lives { setting: SettingId(id), told_in, at })
    }
}

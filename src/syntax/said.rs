//! What a file says to people: its titles, what is told to whom, its reasons, and the names in it.
//!
//! Not what is quoted from elsewhere: comments, sources, the names of files, and the person's own words.

use super::tree::*;

/// Something that people read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Said<'t> {
    /// A text between quotation marks.
    Text(&'t Text),
    /// A name, where it is declared.
    Name(&'t Word),
}

/// Everything a file says, block by block.
pub(crate) fn said(file: &File) -> Vec<Said<'_>> {
    let mut said = Vec::new();
    for block in file.blocks.iter().filter(|block| !matches!(block.word, BlockWord::Use | BlockWord::Words)) {
        head(&block.name, block.title.as_ref(), &mut said);
        read(&block.clauses, &mut said);
    }
    said
}

fn head<'t>(name: &'t Word, title: Option<&'t Text>, said: &mut Vec<Said<'t>>) {
    said.push(Said::Name(name));
    said.extend(title.map(Said::Text));
}

fn read<'t>(clauses: &'t [Clause], said: &mut Vec<Said<'t>>) {
    use ClauseKind as C;
    for clause in clauses {
        match &clause.kind {
            C::Fact(fact) => {
                head(&fact.name, fact.title.as_ref(), said);
                said.extend(fact.unit.iter().map(Said::Text));
                if let FactType::OneOf(options) | FactType::SeveralOf(options) = &fact.kind {
                    said.extend(options.iter().map(Said::Name));
                }
            }
            C::Part(part) => match part.points {
                Points::Rows(..) => head(&part.name, part.title.as_ref(), said),
                // The name is that of a fact, which is declared elsewhere.
                Points::Bands(_) => said.extend(part.title.as_ref().map(Said::Text)),
            },
            C::Setting { name, title } => head(name, title.as_ref(), said),
            C::Branch { name, title, clauses: own, .. } => {
                head(name, title.as_ref(), said);
                read(own, said);
            }
            C::Tell { text, .. } | C::NothingYet(text) | C::CouldHappen(text) => said.push(Said::Text(text)),
            C::Fires { route, then, .. } => {
                reasons(route, said);
                then.iter().for_each(|route| reasons(route, said));
            }
            C::Outcome { route, .. }
            | C::EndsIn { route, .. }
            | C::IsFor { route, .. }
            | C::Then(route)
            | C::Accepts(route)
            | C::DoesNotAccept(route)
            | C::DisagreeMeanwhile { route, .. }
            | C::Row { route, .. }
            | C::NoneOfThese(route)
            | C::NotKnown(route)
            | C::Until { route, .. }
            | C::AtMostTimes { route, .. } => reasons(route, said),
            C::Table(table) => table.rows.iter().for_each(|row| reasons(&row.route, said)),
            C::Happening(it) => said.extend(it.because.iter().chain(&it.condition).map(Said::Text)),
            _ => {}
        }
    }
}

/// The reasons of a route, and of those it goes on with.
fn reasons<'t>(route: &'t Route, said: &mut Vec<Said<'t>>) {
    let legs = std::iter::successors(Some(route), |route| route.counted.as_ref().map(|(_, after)| after.as_ref()));
    said.extend(legs.filter_map(|route| route.why.as_ref()).map(Said::Text));
}

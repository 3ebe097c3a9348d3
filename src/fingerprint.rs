//! What a pathway and a directory mean, as a hash: the same whatever the comments, the layout and the order of blocks.

use crate::diagnostic::{Finding, Source, Span};
use crate::model::{
    Directory, Fact, FactId, Pathway, PlaceKind, PromiseKind, Ranges, Role, RoleId, Score, Shared, Test, mark,
};
use crate::syntax::tree::{Block, BlockWord, Clause, ClauseKind, File};
use crate::syntax::{block_word, parse};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The hashes of pathways, in their order: each of all that it means, and of all but what is allowed in it, which is what
/// people agree to who are asked whether it may be so.
pub(crate) fn pathways(model: &Shared, all: &[Pathway], files: &[File]) -> Vec<(String, String)> {
    let whole = hashes(model, all, files, &|_| false);
    let but_allowed = hashes(model, all, files, &|clause| matches!(clause.kind, ClauseKind::Allow { .. }));
    whole.into_iter().zip(but_allowed).collect()
}

/// The hashes of pathways, in their order, of all but some clauses.
fn hashes(model: &Shared, all: &[Pathway], files: &[File], but: &dyn Fn(&Clause) -> bool) -> Vec<String> {
    let mut known: BTreeMap<&str, String> = BTreeMap::new();
    // A pathway comes after those it calls, and calls do not go round.
    while known.len() < all.len() {
        let before = known.len();
        for it in all.iter() {
            if !known.contains_key(it.name.as_str()) && it.called().all(|name| known.contains_key(name.as_str())) {
                let called = it.called().filter_map(|name| known.get(name.as_str()));
                let hash = pathway(model, it, called.map(String::as_str).collect(), files, but);
                known.insert(it.name.as_str(), hash);
            }
        }
        if known.len() == before {
            break;
        }
    }
    all.iter().map(|it| known.get(it.name.as_str()).cloned().unwrap_or_default()).collect()
}

/// The hash of a pathway: its blocks, and the facts and scores it uses, printed in one layout and one order; and what it
/// calls, by the hash of that.
fn pathway(
    model: &Shared,
    it: &Pathway,
    called: BTreeSet<&str>,
    files: &[File],
    but: &dyn Fn(&Clause) -> bool,
) -> String {
    let (facts, scores) = (&model.facts, &model.scores);
    let printed = |mut block: Block| {
        block.clauses.retain(|clause| !but(clause));
        printed(block)
    };
    let mut pieces: BTreeSet<String> = BTreeSet::new();
    let own = files.get(it.at.source as usize).map_or(&[][..], |file| &file.blocks);
    let starts_here = |block: &&Block| block.word == BlockWord::Pathway && block.name.text == it.name.as_str();
    let first = own.iter().position(|block| starts_here(&block)).unwrap_or(own.len());
    let header = |block: &&Block| matches!(block.word, BlockWord::Pathway | BlockWord::Directory);
    let end = own.iter().skip(first + 1).position(|block| header(&block)).map_or(own.len(), |at| first + 1 + at);
    for block in &own[first..end] {
        let belongs = !matches!(
            block.word,
            BlockWord::Scenario
                | BlockWord::Anticipate
                | BlockWord::Words
                | BlockWord::Facts
                | BlockWord::DistanceFromHome
                | BlockWord::Score
                | BlockWord::Role
                | BlockWord::Holidays
                | BlockWord::Use
        );
        if block.word == BlockWord::Promises {
            // Each by itself: they may stand in one block or in several.
            let alone = |clause: &Clause| Block { clauses: vec![clause.clone()], ..block.clone() };
            pieces.extend(block.clauses.iter().map(|clause| printed(alone(clause))));
        } else if belongs {
            pieces.insert(printed(block.clone()));
        }
    }
    // Of what interrupts at one moment the first in the file does: their order has a meaning.
    let order = it.interrupts.iter().filter(|it| it.with_call.is_none()).map(|it| it.name.as_str());
    let order = order.collect::<Vec<&str>>().join(", ");
    if !order.is_empty() {
        pieces.insert(format!("at any time: {order}"));
    }
    let (used_facts, used_scores) = used(it, facts, scores);
    let who_agrees = who_agrees(it, &model.roles);
    let blocks = || files.iter().flat_map(|file| &file.blocks);
    for block in blocks() {
        match block.word {
            BlockWord::Score if used_scores.contains(block.name.text.as_str()) => {
                pieces.insert(printed(block.clone()));
            }
            // Of who decides together it is told by what they are whether one alone could (11.8, 11.9).
            BlockWord::Role if who_agrees.contains(block.name.text.as_str()) => {
                let says = |clause: &Clause| matches!(clause.kind, ClauseKind::Profession(_) | ClauseKind::OfKind(_));
                let clauses = block.clauses.iter().filter(|clause| says(clause)).cloned().collect();
                pieces.insert(printed(Block { title: None, clauses, ..block.clone() }));
            }
            BlockWord::DistanceFromHome if it.places.iter().any(|place| place.lives.is_some()) => {
                pieces.insert(printed(block.clone()));
            }
            BlockWord::Facts => {
                for clause in &block.clauses {
                    let ClauseKind::Fact(fact) = &clause.kind else { continue };
                    let name = fact.name.text.as_str();
                    if used_facts.contains(name) || (fact.computed.is_some() && used_scores.contains(name)) {
                        pieces.insert(printed(Block { clauses: vec![clause.clone()], ..block.clone() }));
                    }
                }
            }
            _ => {}
        }
    }
    hash(pieces.iter().map(String::as_str).chain(called).map(str::as_bytes))
}

/// The names of the roles that decide, or agree, where something is to be agreed.
fn who_agrees<'m>(it: &Pathway, roles: &'m [Role]) -> BTreeSet<&'m str> {
    let mut ids: BTreeSet<RoleId> = it.risks.iter().flat_map(|risk| risk.agreed_by.iter().copied()).collect();
    for place in &it.places {
        let PlaceKind::Decide(decide) = &place.kind else { continue };
        let Some((advice, agreed)) = decide.advice.as_ref().zip(decide.agreed()) else { continue };
        ids.extend(agreed.by.iter().copied().chain(it.place(advice.by).kind.owner()));
    }
    ids.into_iter().filter_map(|id| roles.get(id.index())).map(|role| role.name.as_str()).collect()
}

/// The hash of a directory.
pub(crate) fn directory(it: &Directory, roles: &[Role]) -> String {
    // Its serialised form holds no places and no comments, and contacts keep their order, which has a meaning: the
    // first that is open answers. Roles are written by name: their numbers depend on what else is declared.
    let fills = it.contacts.iter().map(|contact| {
        let names = contact.fills.iter().filter_map(|role| roles.get(role.index())).map(|role| role.name.as_str());
        names.collect::<BTreeSet<&str>>()
    });
    let fills: Vec<BTreeSet<&str>> = fills.collect();
    // Whom they serve, and who sits together, is written in words, for the same reason.
    let serves =
        it.contacts.iter().map(|it| it.serves.as_ref().map(|it| (it.condition.words.as_str(), it.until_known)));
    let serves: Vec<Option<(&str, bool)>> = if it.serves_everybody() { Vec::new() } else { serves.collect() };
    let with = it.meetings.iter().map(|meeting| {
        let names = meeting.with.iter().filter_map(|role| roles.get(role.index())).map(|role| role.name.as_str());
        names.collect::<BTreeSet<&str>>()
    });
    let with: Vec<BTreeSet<&str>> = with.collect();
    let bytes = match (serves.is_empty(), with.is_empty()) {
        (true, true) => serde_json::to_vec(&(it, fills)),
        (false, true) => serde_json::to_vec(&(it, fills, serves)),
        (_, false) => serde_json::to_vec(&(it, fills, serves, with)),
    };
    hash([bytes.unwrap_or_default().as_slice()])
}

/// The mark of some findings: of where each stands, by the name of its block or fact, of the words that stand there, and of
/// what it is about where that is more than what stands there.
/// So it is the same whatever is said of them, wherever they are moved in the file, and on whatever day one looks; and
/// another one as soon as one more is found, or one somewhere else.
pub(crate) fn findings<'h>(sources: &[Source], all: &[Finding], about: impl Fn(&Finding) -> Option<&'h str>) -> String {
    let mut stretches: BTreeMap<u32, Vec<(Span, String)>> = BTreeMap::new();
    let mut pieces: Vec<String> = Vec::new();
    for (at, about) in all.iter().map(|finding| (finding.at.place, about(finding))) {
        let text = sources.get(at.source as usize).map_or("", |source| source.text.as_str());
        let named = stretches.entry(at.source).or_insert_with(|| stretches_of(at.source, text));
        let around = named.iter().filter(|(span, _)| span.start <= at.span.start && at.span.end <= span.end);
        let around: Vec<&str> = around.map(|(_, name)| name.as_str()).collect();
        let words = text.get(at.span.start as usize..at.span.end as usize).unwrap_or_default();
        let words: Vec<&str> = words.split_whitespace().collect();
        let about = about.map_or(String::new(), |about| format!("\n{about}"));
        pieces.push(format!("{}\n{}{about}", around.join("/"), words.join(" ")));
    }
    pieces.sort();
    mark(&hash(pieces.iter().map(String::as_bytes))).to_string()
}

/// The blocks and facts of a file, and what each is called.
fn stretches_of(source: u32, text: &str) -> Vec<(Span, String)> {
    let (file, _) = parse(source, text);
    let blocks = file.blocks.iter().flat_map(|block| {
        let facts = block.clauses.iter().filter_map(|clause| match &clause.kind {
            ClauseKind::Fact(fact) => Some((fact.at.0, format!("fact {}", fact.name.text))),
            _ => None,
        });
        [(block.at.0, format!("{} {}", block_word(block.word), block.name.text))].into_iter().chain(facts)
    });
    blocks.collect()
}

fn hash<'p>(pieces: impl IntoIterator<Item = &'p [u8]>) -> String {
    let mut digest = Sha256::new();
    for piece in pieces {
        digest.update(piece);
        digest.update([0]);
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A block printed with its clauses in one order, where their order means nothing.
fn printed(mut block: Block) -> String {
    let ordered = |clause: &Clause| {
        matches!(
            clause.kind,
            ClauseKind::Row { .. }
                | ClauseKind::Table(_)
                | ClauseKind::Part(_)
                | ClauseKind::Tell { .. }
                | ClauseKind::Setting { .. }
        )
    };
    // What is agreed to is everything else.
    let apart = |clause: &Clause| matches!(clause.kind, ClauseKind::TestedWith(_) | ClauseKind::AgreedTo { .. });
    block.clauses.retain(|clause| !apart(clause));
    let (keep, mut sort): (Vec<Clause>, Vec<Clause>) = block.clauses.into_iter().partition(ordered);
    sort.sort_by_cached_key(|clause| one_clause(clause.clone()));
    block.clauses = keep.into_iter().chain(sort).collect();
    crate::syntax::print(&File { blocks: vec![block], ..File::default() })
}

fn one_clause(clause: Clause) -> String {
    let name = crate::syntax::tree::Word { text: String::new(), at: clause.at };
    let at = clause.at;
    let block = Block { word: BlockWord::ByDefault, name, title: None, clauses: vec![clause], at, broken: false };
    crate::syntax::print(&File { blocks: vec![block], ..File::default() })
}

/// Adds every fact that a test names, or that has to be known for it.
fn reads(test: &Test, facts: &[Fact], scores: &[Score], ids: &mut BTreeSet<FactId>) {
    test.reads(facts, scores, &mut |fact| {
        ids.insert(fact);
    });
    test.facts(scores, &mut |fact| {
        ids.insert(fact);
    });
}

/// The names of the facts and scores a pathway uses.
fn used<'m>(it: &Pathway, facts: &'m [Fact], scores: &'m [Score]) -> (BTreeSet<&'m str>, BTreeSet<&'m str>) {
    let mut ids: BTreeSet<FactId> = BTreeSet::new();
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for promise in &it.promises {
        match &promise.kind {
            PromiseKind::WhoeverHas { fact, .. } => drop(ids.insert(*fact)),
            PromiseKind::NotAgainst { wish, able } => ids.extend([*wish, *able]),
            _ => {}
        }
    }
    for interrupt in &it.interrupts {
        reads(&interrupt.condition.test, facts, scores, &mut ids);
        let all = interrupt.condition.test.all_scores(scores);
        named.extend(all.into_iter().filter_map(|id| scores.get(id.index())).map(|score| score.name.as_str()));
    }
    for place in &it.places {
        ids.extend(place.kind.finds());
        ids.extend(place.kind.tell().iter().filter_map(|message| message.agreed));
        let mut tests = Vec::new();
        match &place.kind {
            PlaceKind::Decide(decide) => tests.extend(decide.rows.iter().map(|row| &row.condition.test)),
            PlaceKind::Repeat(repeat) => tests.extend(repeat.until.iter().map(|(until, _)| &until.test)),
            PlaceKind::HandOver(hand_over) => ids.extend(&hand_over.carrying),
            _ => {}
        }
        let needed = place.kind.not_without().iter().filter_map(|it| it.when.as_ref());
        tests.extend(needed.map(|when| &when.test));
        for test in tests {
            reads(test, facts, scores, &mut ids);
            let all = test.all_scores(scores);
            named.extend(all.into_iter().filter_map(|id| scores.get(id.index())).map(|score| score.name.as_str()));
        }
    }
    // What a model goes by is part of it.
    let mut behind: Vec<FactId> = ids.iter().copied().collect();
    while let Some(id) = behind.pop() {
        let model = facts.get(id.index()).and_then(|fact| fact.model.as_ref());
        behind.extend(model.iter().flat_map(|model| &model.from).filter(|from| ids.insert(**from)));
    }
    // Whether what is found or carried applies is part of it, too.
    for id in ids.clone() {
        let applies = facts.get(id.index()).and_then(|fact| fact.applies.as_ref());
        let tests = [Test::Fact(id, Ranges::default())].into_iter().chain(applies.map(|it| it.test.clone()));
        tests.for_each(|test| reads(&test, facts, scores, &mut ids));
    }
    (ids.into_iter().filter_map(|id| facts.get(id.index())).map(|fact| fact.name.as_str()).collect(), named)
}

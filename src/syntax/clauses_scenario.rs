//! The clauses of a scenario, from matches into the tree.

use super::Rule;
use super::read::{P, Reader, parts, says};
use super::tree::*;

impl Reader {
    pub(super) fn assignments_in(&mut self, pair: P<'_>) -> Vec<Assignment> {
        let list = parts(pair).find(|part| part.as_rule() == Rule::assignments);
        list.into_iter().flat_map(parts).map(|part| self.assignment(part)).collect()
    }

    pub(super) fn assignment(&mut self, pair: P<'_>) -> Assignment {
        let at = self.at(&pair);
        let negated = says(&pair, Rule::NOT);
        let (mut name, mut values) = (None, Vec::new());
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::NOT | Rule::IS | Rule::AND | Rule::SETTLED | Rule::AS => {}
                Rule::name if name.is_none() => name = Some(self.word(part)),
                _ => values.push(self.literal(part)),
            }
        }
        let bare = values.is_empty().then_some(!negated);
        if values.is_empty() {
            let (kind, text) = if negated { (LiteralKind::No, "no") } else { (LiteralKind::Yes, "yes") };
            values.push(Literal { kind, text: text.to_string(), at });
        }
        Assignment { name: name.unwrap_or(Word { text: String::new(), at }), values, bare }
    }

    pub(super) fn happening(&mut self, pair: P<'_>) -> Happening {
        let mut happening = Happening {
            after: None,
            what: What::Nothing,
            finding: Vec::new(),
            without: Vec::new(),
            with: Vec::new(),
            code: None,
            because: None,
            condition: None,
            by: None,
        };
        for part in parts(pair) {
            match part.as_rule() {
                Rule::length => happening.after = Some(self.length(part)),
                Rule::finding => happening.finding = self.assignments_in(part),
                Rule::there_too => happening.with.extend(self.words(part)),
                Rule::without => happening.without.extend(self.words(part)),
                Rule::because => {
                    happening.code = self.words(part.clone()).pop();
                    happening.because = Some(self.only_text(part));
                }
                Rule::condition_said => happening.condition = Some(self.only_text(part)),
                Rule::by_whom => happening.by = Some(self.only_word(part)),
                Rule::then_also => {}
                _ => happening.what = self.what(part),
            }
        }
        happening
    }

    pub(super) fn what(&mut self, pair: P<'_>) -> What {
        let rule = pair.as_rule();
        match rule {
            Rule::learn => return What::Learn(self.assignments_in(pair)),
            Rule::model_answers => {
                let model = self.only_text(pair.clone());
                let said = parts(pair).find(|part| part.as_rule() == Rule::assignment);
                return said.map_or(What::Nothing, |said| What::ModelAnswers(model, self.assignment(said)));
            }
            Rule::model_cannot => return What::ModelCannot(self.only_text(pair.clone()), self.only_word(pair)),
            Rule::settled_as => return What::Settled(self.assignment(pair)),
            Rule::life_event => {
                let outcome = parts(pair).find_map(|part| self.outcome(part));
                return outcome.map_or(What::Nothing, What::Life);
            }
            _ => {}
        }
        let at = self.at(&pair);
        let length = self.only_length(pair.clone());
        let mut words = self.words(pair).into_iter();
        let first = words.next().unwrap_or(Word { text: String::new(), at });
        let second = words.next();
        match (rule, second) {
            (Rule::decision_made, Some(option)) => What::Decides(first, option),
            (Rule::agrees, Some(option)) => What::Agrees(first, option),
            (Rule::disagrees, _) => What::Disagrees(first),
            (Rule::reassigned, Some(to)) => What::Reassigned(first, to, length),
            (Rule::done, _) => What::Done(first),
            (Rule::person_said_no, _) => What::PersonDeclines(first),
            (Rule::impossible, _) => What::Cannot(first),
            (Rule::accepted, _) => What::Accepted(first),
            (Rule::refused, _) => What::Declined(first),
            (Rule::withdrawn, _) => What::Withdrawn(first),
            (Rule::raised, _) => What::Raised(first),
            _ => What::Nothing,
        }
    }

    pub(super) fn expectation(&mut self, pair: P<'_>) -> Option<Expectation> {
        let rule = pair.as_rule();
        if rule == Rule::expect_yes {
            return self.only_condition(pair).map(Expectation::Yes);
        }
        if rule == Rule::expect_due {
            let mut parts = parts(pair).filter(|part| matches!(part.as_rule(), Rule::name | Rule::date_time));
            return Some(Expectation::Due(self.word(parts.next()?), self.literal(parts.next()?)));
        }
        let within = says(&pair, Rule::WITHIN).then(|| self.only_length(pair.clone()));
        let the = says(&pair, Rule::THE);
        let mut words = self.words(pair);
        Some(match rule {
            Rule::expect_next => Expectation::Next(words),
            Rule::expect_ending => Expectation::Ending(words.pop()?, within, the),
            Rule::expect_chose => {
                let option = words.pop()?;
                Expectation::Chose(words.pop()?, option)
            }
            Rule::expect_advises => {
                let option = words.pop()?;
                Expectation::Advises(words.pop()?, option)
            }
            Rule::expect_asks => Expectation::Asks(words.remove(0), words),
            Rule::expect_starts => {
                let pathway = words.pop()?;
                Expectation::Starts(words.pop()?, pathway)
            }
            Rule::expect_unknown => Expectation::Needs(words.remove(0), words),
            _ => {
                let who = words.pop()?;
                Expectation::With(words.pop()?, who)
            }
        })
    }
}

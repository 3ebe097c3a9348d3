//! The rest of a careful pathway: what calls and branches follow, who finds out, how it ends, and where people are found.

use super::*;

impl Author<'_> {
    /// The pathway that calls follow, where there are any.
    pub(super) fn part(&mut self) {
        if !self.shapes.contains(&Shape::Call) {
            return;
        }
        let late = if self.slip(4) { "not_well" } else { "escalate to help" };
        self.say(format!(
            "pathway inner \"A part of it\"\n  version 1\n  starts at look\n\nby default\n  if late -> {late}\n  \
             if it cannot be done -> escalate to more\n  if the person declines -> not_well\n  if nobody can -> not_well\n  \
             if died -> gone\n  if withdrew -> gone\n  if cannot be reached -> look, at most once, then gone\n  \
             if moved away -> gone\n  if opened in error -> gone\n"
        ));
        let names: Vec<&str> = self.facts.iter().map(|fact| fact.name).collect();
        let hours = 1 + self.dice.below(30);
        self.say(format!(
            "step look \"Look in\"\n  led by nurse\n  with carer\n  finds {}\n  within {hours} hours\n  then judge\n",
            names.join(", ")
        ));
        let condition = self.condition(&self.facts.clone());
        let again = self.dice.word(&["look, at most once, then not_well", "not_well", "well"]);
        let judged = condition.clone();
        self.say(format!(
            "decide judge\n  when {condition} -> pass_on\n  if none of these -> {again}\n  \
             if we do not know yet -> look_again, at most once, then team decides within 1 day\n"
        ));
        self.say(
            "step look_again \"Look again\"\n  led by nurse\n  with carer\n  finds what is missing\n  within 8 hours\n  \
             then back to the decision\n",
        );
        let carrying = self.carrying();
        self.say(format!(
            "hand over pass_on \"To the team\"\n  from nurse\n  to team\n  carrying {carrying}\n  accepted within 5 hours\n  \
             if declined, saying why -> escalate to help\n  then well\n"
        ));
        self.say(
            "ending well \"All is well\"\n  held by person\n  tell person \"We have looked.\"\n\n\
             ending not_well \"It is not\"\n  held by person\n\nending gone \"Gone\"\n  held by person\n",
        );
        self.aside(&judged, &names);
    }

    /// The pathway that branches follow: in one of these nobody hands over.
    fn aside(&mut self, condition: &str, names: &[&str]) {
        self.say(format!(
            "pathway aside \"Meanwhile\"\n  version 1\n  starts at glance\n\nby default\n  if late -> escalate to help\n  \
             if it cannot be done -> escalate to more\n  if the person declines -> not_well\n  if nobody can -> not_well\n  \
             if died -> gone\n  if withdrew -> gone\n  if cannot be reached -> gone\n  if moved away -> gone\n  \
             if opened in error -> gone\n\nstep glance \"Look in\"\n  led by nurse\n  with carer\n  finds {}\n  \
             within 9 hours\n  then judge\n\ndecide judge\n  when {condition} -> well\n  \
             if none of these -> glance, at most once, then not_well\n  \
             if we do not know yet -> glance_again, at most once, then team decides within 1 day\n\n\
             step glance_again \"Look again\"\n  led by nurse\n  with carer\n  finds what is missing\n  within 8 hours\n  \
             then back to the decision\n\nending well \"All is well\"\n  held by person\n  tell person \"We have looked.\"\n\n\
             ending not_well \"It is not\"\n  held by person\n\nending gone \"Gone\"\n  held by person\n",
            names.join(", ")
        ));
    }

    pub(super) fn finding_out(&mut self) {
        if self.needs_find_out && self.dice.once_in(4) {
            let names: Vec<&str> = self.facts.iter().map(|fact| fact.name).collect();
            let until = self.condition(&self.facts.clone());
            self.say(format!(
                "repeat find_out \"Look again and again\"\n  every 8 hours\n  led by nurse\n  with carer\n  finds {}\n  \
                 until {until} -> back to the decision\n  at most twice, then {}\n",
                names.join(", "),
                if self.through { "wrap_up" } else { "over" }
            ));
        } else if self.needs_find_out {
            self.say(
                "step find_out \"Find out\"\n  led by nurse\n  with carer\n  finds what is missing\n  within 8 hours\n  \
                 then back to the decision\n",
            );
        }
    }

    pub(super) fn the_end(&mut self) {
        let on = self.dice.word(&["at_home", "settle"]);
        let on = if self.tail == "settle" || self.through { "at_home" } else { on };
        self.say(format!(
            "step wrap_up \"Say what comes next\"\n  led by team\n  within 1 day\n  tell person \"This is what comes next.\"\n  \
             if nobody can -> over\n  if the person declines -> over\n  then {on}\n"
        ));
        let carrying = self.carrying();
        let declined = self.dice.word(&["escalate to help", "over", "settle, at most once, then over"]);
        self.say(format!(
            "hand over settle \"Who holds the person now\"\n  from nurse\n  to team\n  carrying {carrying}\n  \
             accepted within 12 hours\n  if declined, saying why -> {declined}\n  if nobody can -> over\n  then settled\n"
        ));
        self.say("step farewell \"Tell everybody\"\n  led by team\n  within 1 day\n  tell carer \"We are sorry.\"\n  if nobody can -> over\n  then over\n");
        let owed = self.dice.word(&["", "  owed settle\n"]);
        let owed = if self.slip(4) { "  owed wrap_up, p0\n" } else { owed };
        let owed = if self.shapes.first().is_some_and(|it| [Shape::Decide, Shape::Table, Shape::Call].contains(it))
            && owed.contains("p0")
        {
            "  owed wrap_up\n"
        } else {
            owed
        };
        let held = if self.slip(5) { "carer" } else { "team" };
        let home = self.dice.word(&["", "  owed wrap_up\n"]);
        let over = if self.slip(6) { "  owed wrap_up\n" } else { "" };
        self.say(format!(
            "ending settled \"With the team\"\n  held by {held}\n{owed}\nending at_home \"At home\"\n  held by person\n{home}\nending over \"Over\"\n  held by person\n{over}"
        ));
    }

    pub(super) fn directory(&mut self) {
        let hours = [
            "open always",
            "open monday to friday 09:00 to 17:00\n  on bank holidays closed",
            "open every day 22:00 to 06:00\n  on bank holidays as usual",
            "open monday to saturday 08:00 to 12:00 and 13:30 to 20:00\n  on bank holidays open 10:00 to 12:00\n  closed 2027-05-01 to 2027-05-03",
        ];
        let (ward, home_team) = (self.dice.word(&hours), self.dice.word(&hours));
        let from = self.dice.word(&["  valid from 2027-01-01\n", "", "  valid from 2026-06-01\n"]);
        self.say(
            "holidays here_too \"Bank holidays\"\n  known until 2028-12-31\n  on 2026-12-25, 2026-12-28, 2027-01-01, 2027-03-26, 2027-12-27, 2028-12-25\n",
        );
        self.say(format!(
            "directory here \"Here\"\n  time zone \"Europe/London\"\n{from}  valid until 2028-12-31\n  bank holidays here_too\n"
        ));
        let meetings = crate::worlds::meetings(self.dice);
        self.say(meetings);
        // Two wards, each for some of the people.
        let halves = self.facts.iter().find_map(|fact| fact.halves).filter(|_| self.dice.once_in(3));
        let mut serves = String::new();
        if let Some((some, _)) = halves {
            let until = if self.slip(4) { "" } else { "\n  until known anybody" };
            serves = format!("  serves {some}{until}\n");
            let hours = self.dice.word(&hours);
            self.say(format!(
                "contact other_ward \"The other ward\"\n  fills nurse\n  serves not ({some})\n  {hours}\n"
            ));
        }
        self.say(format!("contact ward \"The ward\"\n  fills nurse\n{serves}  {ward}\n"));
        if self.dice.once_in(3) {
            self.say("contact night_ward \"The ward by night\"\n  fills nurse\n  open every day 18:00 to 08:00\n  on bank holidays as usual\n");
        }
        self.say(format!("contact home_team \"The carers\"\n  fills carer\n  {home_team}\n"));
        let office = if self.slip(3) { hours[1] } else { hours[0] };
        self.say(format!("contact office \"The office\"\n  fills team\n  phone \"01632 960 001\"\n  {office}\n"));
        let (day, night) = if self.slip(3) { ("20:00", "08:00") } else { ("20:30", "08:45") };
        let holiday = if self.slip(4) { "closed" } else { "as usual" };
        self.say(format!(
            "contact day_duty \"On duty by day\"\n  fills duty\n  open every day 08:00 to {day}\n  on bank holidays {holiday}\n\n\
             contact night_duty \"On duty by night\"\n  fills duty\n  open every day 20:00 to {night}\n  on bank holidays as usual\n"
        ));
        let last = self.dice.word(&["duty, to answer within 30 minutes", "office, to answer within 2 hours"]);
        let rungs = self.dice.word(&[
            "  ask ward, to answer within 1 hour\n  then nurse, to answer within 30 minutes\n",
            "  ask home_team, to answer within 3 hours\n",
            "",
        ]);
        let reassign =
            self.dice.word(&["", "  may reassign at most twice\n", "  may reassign at most once, within 30 hours\n"]);
        self.say(format!("escalation help \"Help\"\n{rungs}  last {last}\n{reassign}"));
        self.say("escalation more \"More help\"\n  ask nurse, to answer within 45 minutes\n  last duty, to answer within 20 minutes");
        if self.dice.once_in(3) {
            let when = self.condition(&self.facts.clone());
            let anticipation = crate::worlds::anticipation(self.dice, &when);
            self.say(anticipation);
        }
    }
}

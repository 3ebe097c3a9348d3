"""What the example shows, as tests: `python -m unittest`.

ONWARD_SOURCES is the folder that has `pathways/` and `examples/`: two up from here, unless this folder was copied elsewhere.
"""

from __future__ import annotations

import json
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

from wasmtime.component import Variant

from check import check, shown
from onward import Answer, Engine, NotCompiled, Refused, event, onwards, record, sources
from person import happened, instant, length, moment, read_person
from walk import refusal, walk

FROM = onwards()
TEA = FROM / "examples/first/tea_and_talk.pathway"


class Example(unittest.TestCase):
    engine: Engine

    @classmethod
    def setUpClass(cls) -> None:
        cls.engine = Engine()

    def test_what_is_found_is_said_where_it_is(self) -> None:
        self.assertEqual(check(self.engine, TEA).stands_against, [])
        [(name, text)] = sources(TEA).items()
        gap = text.replace("  if none of these      -> content\n", "")
        [found] = self.engine.check({name: gap}).stands_against
        self.assertRegex(shown(found), r"tea_and_talk\.pathway:\d+:\d+: unproved: ")
        self.assertIn(found.kind, self.engine.explain(found.kind) or "")

    def test_what_cannot_be_read_is_an_error_with_its_findings(self) -> None:
        with self.assertRaises(NotCompiled) as raised:
            self.engine.compile({"broken.pathway": "onward 1\n\nstep visit\n"})
        self.assertTrue(raised.exception.report.findings)

    def test_a_refusal_has_a_code_and_changes_nothing(self) -> None:
        with self.engine.compile(sources(TEA)) as library:
            running, _ = library.open("tea_and_talk", "a", {}, "2026-03-02T09:00:00Z")
            with running:
                before = running.save()
                with self.assertRaises(Refused) as raised:
                    running.apply(event("1", "done", record(step="introduce", facts=[])), "2026-03-02T10:00:00Z")
                self.assertEqual(raised.exception.code, "not-open")
                self.assertFalse(raised.exception.retry)
                self.assertRegex(refusal(raised.exception), r"(?s)refused, not-open: .*what would fit: .*visit")
                self.assertEqual(running.save(), before)

    def test_what_is_taken_back_is_given_as_it_is(self) -> None:
        with self.engine.compile(sources(TEA)) as library:
            running, answer = library.open("tea_and_talk", "a", {}, "2026-03-02T09:00:00Z")
            risk = happened("1", {"withdrawn": "nights"}, answer)
            assert risk is not None
            entry, agreed = 12, record(step="visit", role="coordinator")
            given = [event("1", "withdraw", record(what=what, reason=None)) for what in (entry, agreed)]
            with running:
                for taken_back, code in zip([risk, *given], ["reason-needed", "not-a-record", "not-asked"]):
                    with self.assertRaises(Refused) as raised:
                        running.apply(taken_back, "2026-03-02T10:00:00Z")
                    self.assertEqual(raised.exception.code, code)

    def test_somebody_goes_home_as_before_and_one_can_say_why(self) -> None:
        said: list[str] = []
        person = read_person(FROM / "examples/people/home_as_before.json")
        saved = walk(self.engine, FROM / "pathways/home_first.pathway", person, said.append)
        lines = "\n".join(said)
        self.assertIn("told to person: Welcome.", lines)
        self.assertRegex(lines, r"closed: at_home, and gp_practice holds the person\nwhy ")
        self.assertTrue(saved.startswith("{"))

    def test_what_one_case_learns_the_next_one_knows(self) -> None:
        with self.engine.compile(sources(TEA)) as library:
            one, answer = library.open("tea_and_talk", "a", {}, "2026-03-02T09:00:00Z")
            with one:
                done = event("1", "done", record(step="visit", facts=[("lonely", Variant("value", "yes"))]), expects=answer.revision)
                after = one.apply(done, "2026-03-02T10:00:00Z")
                self.assertEqual([it.id for it in one.effects_since(0)][-len(after.effects) :], [it.id for it in after.effects])
                with self.assertRaises(Refused) as raised:
                    one.apply(event("2", "life", "died", expects=0), "2026-03-02T11:00:00Z")
                self.assertEqual((raised.exception.code, raised.exception.retry), ("old-revision", True))
            known = self.engine.learn(None, after.news)
            other, answer = library.open("tea_and_talk", "b", {}, "2026-03-02T12:00:00Z", person=known)
            with other:
                self.assertEqual([step.finds for step in answer.next], [[]])

    def test_a_pathway_is_found_in_a_file_of_any_name(self) -> None:
        with TemporaryDirectory() as folder:
            mine, who = Path(folder) / "mine.pathway", Path(folder) / "rose.json"
            mine.write_text(TEA.read_text(encoding="utf-8"), encoding="utf-8")
            person = {"starts": "2026-03-02T10:00+01:00", "events": [{"after": "1 day", "life": "moved_away"}]}
            who.write_text(json.dumps(person), encoding="utf-8")
            said: list[str] = []
            walk(self.engine, mine, read_person(who), said.append)
            self.assertRegex("\n".join(said), r"(?s)^2026-03-02T09:00:00Z  opened.*closed: left_in_peace")
            who.write_text('{"starts": "2026-03-02T10:00", "events": [{"afer": "1 day", "nothing": true}]}', encoding="utf-8")
            with self.assertRaisesRegex(ValueError, "event 1: this example does not know the field `afer`"):
                read_person(who)
            mine.write_bytes(b"\xff\xfe")
            with self.assertRaisesRegex(ValueError, "mine.pathway: it is not UTF-8"):
                sources(mine)

    def test_nothing_that_a_happening_says_is_passed_over(self) -> None:
        nowhere = Answer(0, False, [], [], [])
        cases: list[tuple[dict[str, object], str, dict[str, object]]] = [
            ({"accepted": "a", "condition": "on mondays"}, "accept", {"step": "a", "condition": "on mondays"}),
            ({"settled": "frail", "facts": {"frail": True}}, "settle", {"fact": "frail", "value": "yes", "reason": None}),
            ({"raised": "worried", "because": "so"}, "raise", {"what": "worried", "reason": "so"}),
            ({"disagrees": "nurse", "because": "no"}, "disagree", {"role": "nurse", "reason": "no", "step": None, "advice": None}),
        ]
        for given, tag, wanted in cases:
            made = happened("1", given, nowhere)
            assert made is not None
            what = getattr(made, "what")
            self.assertEqual((what.tag, vars(what.payload)), (tag, wanted))
        life = happened("1", {"life": "cannot_be_reached"}, nowhere)
        self.assertEqual(getattr(getattr(life, "what"), "payload"), "cannot-be-reached")
        with self.assertRaisesRegex(ValueError, "no length of time"):
            length("3 months")

    def test_local_times_and_lengths_are_as_in_a_person_file(self) -> None:
        self.assertEqual(moment(instant("2026-03-02T09:00", "Europe/London")), "2026-03-02T09:00:00Z")
        self.assertEqual(moment(instant("2026-07-01T09:00", "Europe/London")), "2026-07-01T08:00:00Z")
        self.assertEqual(length("1 day 4 hours").total_seconds(), 28 * 3600)
        self.assertRegex(self.engine.version(), r"^\d+\.\d+\.\d+$")


if __name__ == "__main__":
    unittest.main()

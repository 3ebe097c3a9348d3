"""What the example shows, as tests: `python -m unittest`.

ONWARD_SOURCES is the folder that has `pathways/` and `examples/`: two up from here, unless this folder was copied elsewhere.
"""

from __future__ import annotations

import os
import unittest
from pathlib import Path

from check import check, shown
from onward import Engine, NotCompiled, Refused, event, record, sources
from person import instant, length, moment, read_person
from walk import walk

FROM = Path(os.environ.get("ONWARD_SOURCES", Path(__file__).parent / "../.."))
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
                self.assertEqual(running.save(), before)

    def test_somebody_goes_home_as_before_and_one_can_say_why(self) -> None:
        said: list[str] = []
        person = read_person(FROM / "examples/people/home_as_before.json")
        saved = walk(self.engine, FROM / "pathways/home_first.pathway", person, said.append)
        lines = "\n".join(said)
        self.assertIn("told to person: Welcome.", lines)
        self.assertRegex(lines, r"closed: at_home, and gp_practice holds the person\nwhy ")
        self.assertTrue(saved.startswith("{"))

    def test_local_times_and_lengths_are_as_in_a_person_file(self) -> None:
        self.assertEqual(moment(instant("2026-03-02T09:00", "Europe/London")), "2026-03-02T09:00:00Z")
        self.assertEqual(moment(instant("2026-07-01T09:00", "Europe/London")), "2026-07-01T08:00:00Z")
        self.assertEqual(length("1 day 4 hours").total_seconds(), 28 * 3600)
        self.assertRegex(self.engine.version(), r"^\d+\.\d+\.\d+$")


if __name__ == "__main__":
    unittest.main()

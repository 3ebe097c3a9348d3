"""Takes somebody through a pathway: `python walk.py PATHWAY-FILE PERSON-FILE [--pathway NAME] [--save FILE]`.

In a notebook: `from walk import walk`, then `walk(Engine(), "home_first.pathway", read_person("somebody.json"))`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from check import shown
from onward import Answer, Closed, Engine, Library, NotCompiled, Refused, Stranded, Why, onwards, sources
from person import Person, happened, instant, length, moment, read_person


def walk(
    engine: Engine, file: str | Path, person: Person, say: Callable[[str], None] = print, pathway: str | None = None
) -> str:
    """Goes through everything that happens to the person, and says each answer. What it gives back is the case as saved."""
    with engine.compile(sources(file)) as library:
        return _through(library, pathway or library.pathway_of(file), person, say)


def _through(library: Library, name: str, person: Person, say: Callable[[str], None]) -> str:
    now = instant(person["starts"], _zone(library, name))
    running, answer = library.open(name, "case-1", person.get("facts", {}), moment(now), source="example")
    say(told(moment(now), "opened", answer))
    for number, it in enumerate(person.get("events", []), start=1):
        now += length(it.get("after", ""))
        # What falls due before is let happen at its own time, as a host with a timer would.
        while (due := running.due()) is not None and datetime.fromisoformat(due.replace("Z", "+00:00")) <= now:
            answer = running.advance(due)
            say(told(due, "something fell due", answer))
        event = happened(f"event-{number}", it, answer)
        if event is None:
            continue
        answer = running.apply(event, moment(now))
        say(told(moment(now), f"event {number}", answer))
        # A host that was stopped goes on like this: the case is text in its database.
        saved = running.save()
        running.close()
        running = library.load(saved)
    with running:
        why = running.why(answer.standing.ending) if isinstance(answer.standing, Closed) else None
        if why:
            say(f"why {because(why)}")
        return running.save()


def _zone(library: Library, name: str) -> str:
    """The time zone of the directory that the pathway runs with."""
    directory = next((it.directory for it in library.pathways() if it.name == name), None)
    return next((it.zone for it in library.directories() if it.name == directory), "UTC")


def told(at: str, what: str, answer: Answer) -> str:
    """An answer, in lines for people."""
    lines = [f"{at}  {what}"]
    lines += [f"  told to {it.told.who}: {it.told.text}" for it in answer.effects if it.told]
    if isinstance(answer.standing, Closed):
        lines.append(f"  closed: {answer.standing.ending}, and {answer.standing.held_by} holds the person")
    elif isinstance(answer.standing, Stranded):
        lines.append(f"  stranded at {answer.standing.decision}: a draft only")
    for step in answer.next:
        to_do = step.work.what
        if step.work.decide:
            advice = step.work.decide.advice
            advised = f", advised is {advice.advises}" if advice and advice.advises else ""
            to_do = f"choose {' or '.join(step.work.decide.options)}{advised}"
        owner = step.escalated_to or step.owner
        lines.append(f"  {owner}: {step.title} ({to_do} by {step.due}; if late: {step.if_late})")
    return "\n".join(lines)


def because(why: Why) -> str:
    """A reason, in a line for people."""
    cause = why.cause
    if cause.looked:
        chosen = next((row for row in cause.looked.rows if row.row == cause.looked.row), None)
        known = "; ".join(f"{fact.title}: {fact.value or 'not known'}" for fact in chosen.facts) if chosen else ""
        row = f', row {chosen.row}, "{chosen.words}" ({known})' if chosen else ""
        return f'{why.title}: since "{cause.title}" said so{row}'
    if cause.kind == "start":
        return f"{why.title}: the pathway starts there"
    return f'{why.title}: since "{cause.title}"{f" was {cause.how}" if cause.how else ""}'


def refusal(it: Refused) -> str:
    """What the engine does not take, and what it would."""
    fits = f"\n  what would fit: {', '.join(it.fits)}" if it.fits else ""
    return f"refused, {it.code}: {it}{fits}"


def main() -> int:
    words = argparse.ArgumentParser(description="takes somebody through a pathway")
    words.add_argument("pathway", nargs="?", default=onwards() / "pathways/home_first.pathway")
    words.add_argument("person", nargs="?", default=onwards() / "examples/people/home_as_before.json")
    words.add_argument("--pathway", dest="name", help="which pathway, where the file has several and none is called as the file is")
    words.add_argument("--save", help="where to write the case as it is at the end")
    given = words.parse_args()
    try:
        saved = walk(Engine(), given.pathway, read_person(given.person), pathway=given.name)
    except NotCompiled as error:
        print("\n".join(shown(it) for it in error.report.findings), file=sys.stderr)
        return 1
    except Refused as error:
        print(refusal(error), file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if given.save:
        Path(given.save).write_text(saved, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

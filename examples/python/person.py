"""A person file (`docs/person-file.md` says what stands in one): what happens to somebody, one thing after the other."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Set
from datetime import datetime, timedelta, timezone
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from wasmtime.component import Record, Variant

from onward import Answer, NextStep, event, fact_answers, record


class Person(TypedDict, total=False):
    about: str
    #: Local time, as `2026-03-02T09:00`; or with an offset, `2026-03-02T09:00+00:00`.
    starts: str
    facts: dict[str, Any]
    events: list[dict[str, Any]]


#: What may stand in an event. All but what models answer, for which one would need to know the model.
FIELDS = frozenset(
    "about after by because facts with done declined cannot accepted condition refused decides agrees disagrees role "
    "withdrawn settled raised life otherwise step reassigned to within record nothing".split()
)


def read_person(file: str | os.PathLike[str]) -> Person:
    """Reads a person file. What it does not know it refuses: a field that is passed over is something that did not happen."""
    # Decimals stay the digits that stand there.
    with open(file, encoding="utf-8") as opened:
        person: Person = json.load(opened, parse_float=str)
    if "starts" not in person:
        raise ValueError(f"{file}: it does not say when it starts")
    _known(str(file), person, {"about", "starts", "facts", "events"})
    for number, it in enumerate(person.get("events", []), start=1):
        _known(f"{file}: event {number}", it, FIELDS)
    return person


def _known(where: str, it: Mapping[str, object], fields: Set[str]) -> None:
    for name in it:
        if name not in fields:
            raise ValueError(f"{where}: this example does not know the field `{name}`")


def happened(id: str, it: dict[str, Any], answer: Answer) -> Record | None:
    """The event that a happening is, as the case stands; nothing, where only time goes on."""
    if it.get("nothing"):
        return None
    what, payload = _kind(it, answer)
    return event(id, what, payload, it.get("by"), it.get("with"))


def _kind(it: dict[str, Any], answer: Answer) -> tuple[str, Any]:
    facts, reason = fact_answers(it.get("facts", {})), it.get("because")
    if it.get("record"):
        return "record", facts
    if step := it.get("done"):
        return "done", record(step=step, facts=facts)
    if step := it.get("declined"):
        return "declined", record(step=step, reason=reason)
    if step := it.get("cannot"):
        return "cannot", record(step=step, reason=reason or "not said")
    if option := it.get("decides"):
        return _decide(it, option, it.get("step"), answer)
    if role := it.get("disagrees"):
        where = next(iter(_waiting(answer, it.get("step"))), None)
        seen = _chosen(where, "") if where else {"step": None, "advice": None}
        return "disagree", record(role=role, reason=reason or "not said", step=seen["step"], advice=seen["advice"])
    if risk := it.get("withdrawn"):
        # Bare: a text is a positive risk, a number an entry of the journal, a record an agreement.
        return "withdraw", record(what=risk, reason=reason)
    if fact := it.get("settled"):
        said = dict(facts).get(fact)
        if said is None or said.tag != "value":
            raise ValueError(f"`settled`: `facts` does not say what `{fact}` is")
        return "settle", record(fact=fact, value=said.payload, reason=reason)
    if what := it.get("raised"):
        return "raise", record(what=what, reason=reason or "not said")
    if what := it.get("life"):
        return "life", what.replace("_", "-")
    if option := it.get("agrees"):
        chosen = _choice("accepted", option, answer) if _asked(answer, option) else _choice(option, it.get("step"), answer)
        return "agree", record(role=it["role"], **chosen)
    # A positive risk is put to somebody as a decision.
    if step := it.get("accepted"):
        if _asked(answer, step):
            return _decide(it, "accepted", step, answer)
        return "accept", record(step=step, condition=it.get("condition"))
    if step := it.get("refused"):
        if _asked(answer, step):
            return _decide(it, "not_accepted", step, answer)
        return "refuse", record(step=step, reason=reason or "not said")
    if step := it.get("reassigned"):
        return "reassign", record(step=step, to=it["to"], within=it["within"], reason=reason)
    raise ValueError(f"this example does not know what happens here: {it}")


def _waiting(answer: Answer, step: str | None) -> list[NextStep]:
    return _asked(answer, step) if step else [one for one in answer.next if one.work.decide]


def _asked(answer: Answer, step: str) -> list[NextStep]:
    """What waits for a decision: that step, or a question of that positive risk, `home_with_the_risk/person`."""
    waiting = (one for one in answer.next if one.work.decide)
    return [one for one in waiting if one.step == step or one.step.startswith(f"{step}/")]


def _decide(it: dict[str, Any], said: str, step: str | None, answer: Answer) -> tuple[str, Any]:
    chosen = _choice(said, step, answer)
    return "decide", record(**chosen, otherwise=it.get("otherwise"), reason=it.get("because"))


def _choice(said: str, step: str | None, answer: Answer) -> dict[str, str | None]:
    """What is chosen, and where; whoever chooses names the advice they saw."""
    waiting = _waiting(answer, step)
    for one in waiting:
        for option in one.work.decide.options if one.work.decide else []:
            if option == said or option.endswith(f"/{said}"):
                return _chosen(one, option)
    return _chosen(waiting[0], said) if waiting else {"step": None, "option": said, "advice": None}


def _chosen(one: NextStep, option: str) -> dict[str, str | None]:
    advice = one.work.decide.advice if one.work.decide else None
    return {"step": one.id, "option": option, "advice": advice.id if advice else None}


def length(words: str = "") -> timedelta:
    """A length of time in words: `1 day 4 hours`."""
    if words and not re.fullmatch(r"(\d+ (second|minute|hour|day|week)s?( and | |$))+", words):
        raise ValueError(f"`{words}` is no length of time, such as `1 day 4 hours`")
    found = re.findall(r"(\d+) (second|minute|hour|day|week)s?", words)
    return sum((timedelta(**{f"{unit}s": int(count)}) for count, unit in found), timedelta())


def instant(local: str, zone: str) -> datetime:
    """The instant of a local time in a time zone; one with an offset says itself which it is."""
    at = datetime.fromisoformat(local.replace("Z", "+00:00"))
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(timezone.utc)


def moment(at: datetime) -> str:
    """As the engine takes it: whole seconds."""
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

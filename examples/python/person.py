"""A person file (`docs/person-file.md` says what stands in one): what happens to somebody, one thing after the other."""

from __future__ import annotations

import json
import os
import re
from datetime import datetime, timedelta, timezone
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from wasmtime.component import Record

from onward import Answer, NextStep, event, fact_answers, record


class Person(TypedDict, total=False):
    about: str
    #: Local time, as `2026-03-02T09:00`.
    starts: str
    facts: dict[str, Any]
    events: list[dict[str, Any]]


def read_person(file: str | os.PathLike[str]) -> Person:
    # Decimals stay the digits that stand there.
    with open(file, encoding="utf-8") as opened:
        person: Person = json.load(opened, parse_float=str)
    return person


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
    if option := it.get("agrees"):
        risk = _asked(answer, option)
        chosen = _choice("accepted", option, answer) if risk else _choice(option, it.get("step"), answer)
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


def _asked(answer: Answer, step: str) -> list[NextStep]:
    """What waits for a decision: that step, or a question of that positive risk, `home_with_the_risk/person`."""
    waiting = (one for one in answer.next if one.work.decide)
    return [one for one in waiting if one.step == step or one.step.startswith(f"{step}/")]


def _decide(it: dict[str, Any], said: str, step: str | None, answer: Answer) -> tuple[str, Any]:
    chosen = _choice(said, step, answer)
    return "decide", record(**chosen, otherwise=it.get("otherwise"), reason=it.get("because"))


def _choice(said: str, step: str | None, answer: Answer) -> dict[str, str | None]:
    """What is chosen, and where; whoever chooses names the advice they saw."""
    waiting = _asked(answer, step) if step else [one for one in answer.next if one.work.decide]
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
    found = re.findall(r"(\d+) (second|minute|hour|day|week)s?", words)
    return sum((timedelta(**{f"{unit}s": int(count)}) for count, unit in found), timedelta())


def instant(local: str, zone: str) -> datetime:
    """The instant of a local time in a time zone."""
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(timezone.utc)


def moment(at: datetime) -> str:
    """As the engine takes it: whole seconds."""
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

"""Onward in Python: the component in wasmtime, with types.

`Engine` loads the component once. `Library` and `Case` are what it keeps for us; both are given back when a `with` ends.
What the component answers comes as the dataclasses below, made from `wit/onward.wit`: those that this example uses. All
else is there too, as `Engine.call` gives it.
"""

from __future__ import annotations

import os
import re
import typing
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Mapping, TypeVar

from wasmtime import Config, Store, WasmtimeError
from wasmtime import Engine as Wasmtime
from wasmtime.component import Component, Linker, Record, ResourceAny, Variant

INTERFACE = "onward:engine/pathways@0.1.0"

#: How much an instance may use: fuel for one call, about an instruction a unit, and bytes of memory.
FUEL = 1_000_000_000_000
MEMORY = 1024 * 1024 * 1024


# What the component answers ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    source: int
    file: str
    line: int
    column: int


@dataclass(frozen=True)
class Label:
    place: Place
    text: str


@dataclass(frozen=True)
class Suggestion:
    place: Place
    text: str


@dataclass(frozen=True)
class Finding:
    kind: str
    severity: str
    message: str
    at: Label
    others: list[Label]
    help: str | None
    suggestion: Suggestion | None


@dataclass(frozen=True)
class Allowed:
    finding: Finding
    because: str
    by: str
    until: str


@dataclass(frozen=True)
class Report:
    findings: list[Finding]
    allowed: list[Allowed]

    @property
    def stands_against(self) -> list[Finding]:
        """What keeps it from being proved: everything but warnings."""
        return [it for it in self.findings if it.severity != "warning"]


@dataclass(frozen=True)
class PathwayInfo:
    name: str
    title: str
    version: str
    hash: str
    directory: str | None
    proved: bool
    facts: list[str]


@dataclass(frozen=True)
class DirectoryInfo:
    name: str
    title: str
    zone: str


@dataclass(frozen=True)
class Advised:
    id: str
    advises: str | None


@dataclass(frozen=True)
class ToDecide:
    options: list[str]
    missing: list[str]
    advice: Advised | None


@dataclass(frozen=True)
class Work:
    """What is to be done. `what` is `do`, `accept`, `decide` …; `decide` says what one may choose."""

    what: str
    decide: ToDecide | None


@dataclass(frozen=True)
class NextStep:
    id: str
    step: str
    title: str
    work: Work
    owner: str
    escalated_to: str | None
    since: str
    due: str
    if_late: str
    finds: list[str]


@dataclass(frozen=True)
class Closed:
    ending: str
    held_by: str
    at: str


@dataclass(frozen=True)
class Stranded:
    decision: str
    since: str
    missing: list[str]


@dataclass(frozen=True)
class Told:
    who: str
    text: str


@dataclass(frozen=True)
class Effect:
    """Something for the host to do. `what` says what: `opened`, `tell` …; `told` is what is to be told."""

    id: str
    at: str
    what: str
    told: Told | None


@dataclass(frozen=True)
class Answer:
    revision: int
    draft: bool
    effects: list[Effect]
    #: What was learnt about the person, as it came: for `Engine.learn`.
    news: list[Any]
    standing: list[NextStep] | Closed | Stranded

    @property
    def next(self) -> list[NextStep]:
        """The next steps; none once the case is closed."""
        return self.standing if isinstance(self.standing, list) else []


@dataclass(frozen=True)
class FactReason:
    name: str
    title: str
    value: str | None


@dataclass(frozen=True)
class RowReason:
    row: int
    words: str
    verdict: str
    facts: list[FactReason]


@dataclass(frozen=True)
class Looked:
    decision: str
    title: str
    row: int | None
    rows: list[RowReason]


@dataclass(frozen=True)
class Cause:
    """What led to a place: `kind` is `ended`, `decided` …; `title` says what it was; `looked` how it was decided."""

    kind: str
    title: str
    how: str | None
    looked: Looked | None


@dataclass(frozen=True)
class Why:
    place: str
    title: str
    at: str
    cause: Cause


class Refused(Exception):
    """The engine said no. Nothing has changed; `code` is for programs, the message, and `fits`, for whoever sent it."""

    def __init__(self, code: str, message: str, about: str | None, fits: list[str], retry: bool) -> None:
        super().__init__(message)
        self.code, self.about, self.fits, self.retry = code, about, fits, retry


class NotCompiled(Exception):
    """The sources cannot be read."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"{len(report.findings)} findings")
        self.report = report


# To and from the component -------------------------------------------------------------------------------------------

T = TypeVar("T")


def record(**named: Any) -> Record:
    """A record for the component. In its names `_` is `-`."""
    it = Record()
    for name, value in named.items():
        setattr(it, name.rstrip("_").replace("_", "-"), value)
    return it


def lift(kind: type[T], it: Any) -> T:
    """What came from the component, as one of the classes above. What they leave out is left out."""
    return typing.cast(T, _lift(kind, it))


def _lift(kind: Any, it: Any) -> Any:
    if it is None:
        return None
    if kind is Work:
        return Work(it.tag, lift(ToDecide, it.payload) if it.tag == "decide" else None)
    if kind is Effect:
        told = lift(Told, it.what.payload) if it.what.tag == "tell" else None
        return Effect(it.id, it.at, it.what.tag, told)
    if kind is Cause:
        of = it.payload
        title = getattr(of, "title", "")
        return Cause(it.tag, title, getattr(of, "how", None), lift(Looked, of) if it.tag == "decided" else None)
    if kind == typing.get_type_hints(Answer)["standing"]:
        inside: Any = {"next": list[NextStep], "closed": Closed, "stranded": Stranded}[it.tag]
        return _lift(inside, it.payload)
    if is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return typing.cast(Any, kind)(
            **{it_.name: _lift(hints[it_.name], getattr(it, it_.name.replace("_", "-"))) for it_ in fields(kind)}
        )
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is list:
        return [_lift(arguments[0], one) for one in it]
    if arguments:
        return _lift(next(one for one in arguments if one is not type(None)), it)
    return it


def taken(answer: Any) -> Any:
    """The good of a `result`; a refusal, and what cannot be compiled, is raised.

    wasmtime gives a `Variant` with `ok` or `err` where both would look alike, and else what is inside.
    """
    if isinstance(answer, Variant) and answer.tag == "ok":
        return answer.payload
    wrong: Any = answer.payload if isinstance(answer, Variant) and answer.tag in ("err", "wrong") else answer
    if isinstance(wrong, Variant) and wrong.tag == "found":
        raise NotCompiled(lift(Report, wrong.payload))
    if isinstance(wrong, Record) and "code" in vars(wrong):
        raise Refused(**vars(wrong))
    return answer


# The engine ----------------------------------------------------------------------------------------------------------


class Engine:
    """The component, loaded. Where it traps it is not used again: make another one."""

    def __init__(self, component: str | os.PathLike[str] | None = None) -> None:
        config = Config()
        config.consume_fuel = True
        engine = Wasmtime(config)
        self._store = Store(engine)
        self._store.set_limits(memory_size=MEMORY)
        self._store.set_fuel(FUEL)
        file = os.fspath(component or component_file())
        try:
            loaded = Component.from_file(engine, file)
        except WasmtimeError as error:
            raise ValueError(f"{file} cannot be used: {error}") from error
        self._instance = Linker(engine).instantiate(self._store, loaded)
        self._interface = self._instance.get_export_index(self._store, INTERFACE)
        self._functions: dict[str, Any] = {}

    def call(self, name: str, *given: Any) -> Any:
        """Calls a function of the interface by its name there, such as `[method]case.apply`."""
        if name not in self._functions:
            index = self._instance.get_export_index(self._store, name, self._interface)
            if index is None:
                raise KeyError(f"the component has no `{name}`: another version of it?")
            self._functions[name] = self._instance.get_func(self._store, index)
        self._store.set_fuel(FUEL)
        return self._functions[name](self._store, *given)

    def give_back(self, held: ResourceAny) -> None:
        self._store.set_fuel(FUEL)
        held.drop(self._store)

    def version(self) -> str:
        return str(self.call("version"))

    def check(self, sources: Mapping[str, str], on: str | None = None) -> Report:
        """Everything that is found in sources, by their names."""
        return lift(Report, taken(self.call("check", _sources(sources), on)))

    def explain(self, kind: str) -> str | None:
        """The page of a kind of finding."""
        return typing.cast("str | None", self.call("explain", kind))

    def learn(self, person: str | None, news: list[Any]) -> str:
        """What is known of a person, as JSON, with the news of an answer: for every case of theirs that opens after."""
        return str(taken(self.call("learn", person, news)))

    def compile(self, sources: Mapping[str, str], on: str | None = None) -> Library:
        """Compiles sources, and proves what can be proved."""
        return Library(self, taken(self.call("[static]library.compile", _sources(sources), on)))


H = TypeVar("H", bound="Held")


class Held:
    """Something that the component keeps for us."""

    def __init__(self, engine: Engine, held: ResourceAny) -> None:
        self._engine, self._held = engine, held

    def __enter__(self: H) -> H:
        return self

    def __exit__(self, _a: type[BaseException] | None, _b: BaseException | None, _c: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Gives it back. It is not to be used afterwards."""
        self._engine.give_back(self._held)


class Library(Held):
    """Pathways, directories and scenarios that were compiled together."""

    def report(self) -> Report:
        return lift(Report, self._engine.call("[method]library.report", self._held))

    def pathways(self) -> list[PathwayInfo]:
        return lift(list[PathwayInfo], self._engine.call("[method]library.pathways", self._held))

    def directories(self) -> list[DirectoryInfo]:
        return lift(list[DirectoryInfo], self._engine.call("[method]library.directories", self._held))

    def open(
        self,
        pathway: str,
        id: str,
        facts: Mapping[str, Any],
        now: str,
        source: str | None = None,
        person: str | None = None,
        draft: bool = False,
    ) -> tuple[Case, Answer]:
        """Opens a case; with `draft` also where the pathway is not proved, and then every answer says so."""
        opening = record(id=id, facts=fact_answers(facts), by=by(source=source), person=person, secret=None)
        how = "[method]library.open-draft" if draft else "[method]library.open"
        held, answer = taken(self._engine.call(how, self._held, pathway, opening, now))
        return Case(self._engine, held), lift(Answer, answer)

    def pathway_of(self, file: str | os.PathLike[str]) -> str:
        """The pathway that a file is about: the one of its name, or the only one there is."""
        names = [it.name for it in self.pathways()]
        if Path(file).stem in names:
            return Path(file).stem
        if len(names) != 1:
            raise ValueError(f"which pathway of {file}? Name one of: {', '.join(names) or 'none'}")
        return names[0]

    def load(self, saved: str) -> Case:
        return Case(self._engine, taken(self._engine.call("[method]library.load", self._held, saved)))


class Case(Held):
    """A case that runs. A refused event leaves it as it was."""

    def apply(self, event: Record, now: str) -> Answer:
        return lift(Answer, taken(self._engine.call("[method]case.apply", self._held, event, now)))

    def advance(self, now: str) -> Answer:
        return lift(Answer, taken(self._engine.call("[method]case.advance", self._held, now)))

    def due(self) -> str | None:
        return typing.cast("str | None", self._engine.call("[method]case.due", self._held))

    def why(self, place: str) -> Why | None:
        return lift(Why, self._engine.call("[method]case.why", self._held, place))

    def effects_since(self, entry: int) -> list[Effect]:
        """What is to be sent, from an entry of the journal on, under the same ids: after a crash."""
        return lift(list[Effect], self._engine.call("[method]case.effects-since", self._held, entry))

    def save(self) -> str:
        return str(self._engine.call("[method]case.save", self._held))


# What is given to it -------------------------------------------------------------------------------------------------


def event(
    id: str,
    what: str,
    payload: Any,
    role: str | None = None,
    together_with: list[str] | None = None,
    expects: int | None = None,
    happened: str | None = None,
) -> Record:
    """Something that happened: `what` and its payload are one of `event-kind`. `expects` is the revision that was seen."""
    given = {"id": id, "expects": expects, "happened": happened, "by": by(role), "with": together_with or []}
    return record(**given, what=Variant(what, payload))


def by(role: str | None = None, source: str | None = None) -> Record:
    return record(role=role, organisation=None, who=None, source=source)


def fact_answers(facts: Mapping[str, Any]) -> list[tuple[str, Variant]]:
    """Facts as the engine takes them, from values as they stand in a person file."""
    return [(name, _answer(value)) for name, value in facts.items()]


def _answer(value: Any) -> Variant:
    if isinstance(value, bool):
        return Variant("value", "yes" if value else "no")
    if isinstance(value, list):
        return Variant("value", " and ".join(value) or "none_of_them")
    if isinstance(value, dict):
        [(how, why)] = value.items()
        return Variant(how.replace(" ", "-"), why)
    return Variant("value", str(value))


def _sources(sources: Mapping[str, str]) -> list[Record]:
    return [record(name=name, text=text) for name, text in sources.items()]


def component_file() -> Path:
    """The component: named in ONWARD_COMPONENT, or beside this file, or where `cargo xtask component` writes it."""
    here = Path(__file__).resolve().parent
    if named := os.environ.get("ONWARD_COMPONENT"):
        if not Path(named).exists():
            raise FileNotFoundError(f"ONWARD_COMPONENT names {named}, and there is no such file")
        return Path(named)
    for place in [here / "onward.component.wasm", here / "../../target/onward.component.wasm"]:
        if place.exists():
            return place
    raise FileNotFoundError("put `onward.component.wasm` beside onward.py, or name it in ONWARD_COMPONENT")


def onwards() -> Path:
    """Where Onward is: the folder that has `pathways/` and `examples/`, unless this folder was copied elsewhere."""
    return Path(os.environ.get("ONWARD_SOURCES", Path(__file__).resolve().parent / "../.."))


def sources(file: str | os.PathLike[str]) -> dict[str, str]:
    """A file, and every file that it, or one of those, uses or is tested with."""
    # Whole paths, so that no file has two names.
    first = Path(file).resolve()
    waiting, read = [first], dict[str, str]()
    while waiting:
        path = waiting.pop(0)
        # That a file which is used is not there, the engine says, and where.
        if path.as_posix() in read or (path != first and not path.exists()):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise ValueError(f"{path}: it is not UTF-8") from error
        read[path.as_posix()] = text
        for used in re.findall(r'^\s*(?:use|tested with)\s+"([^"]+)"', text, re.MULTILINE):
            waiting.append(Path(os.path.normpath(path.parent / used)))
    return read

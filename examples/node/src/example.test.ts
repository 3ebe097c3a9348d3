// What the example shows, as tests. ONWARD_SOURCES is the folder that has `pathways/` and `examples/`: two up from here,
// unless this folder was copied elsewhere.

import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { applyEach, ask, check, explain, Library, NotCompiled, onwards, Refused, sources, version, type wit } from "./onward.js";
import { event, instant, length, moment, readPerson, type Person } from "./person.js";
import * as show from "./show.js";
import * as text from "./text.js";
import type { InText } from "./text.js";
import { walk } from "./walk.js";

const tea = join(onwards, "examples/first/tea_and_talk.pathway");

async function person(name: string): Promise<Person> {
  return readPerson(join(onwards, "examples/people", name));
}

test("what is found is said where it is, and what to do", async () => {
  const [source] = await sources(tea);
  assert.ok(source);
  assert.deepEqual(check([source], undefined).findings.filter((it) => it.severity !== "warning"), []);
  const gap = source.text.replace("  if none of these      -> content\n", "");
  const found = check([{ ...source, text: gap }], undefined).findings.filter((it) => it.severity !== "warning");
  assert.equal(found.length, 1);
  const [first] = found;
  assert.ok(first);
  assert.match(show.finding(first), /tea_and_talk\.pathway:\d+:\d+: unproved: /);
  assert.ok(explain(first.kind)?.includes(first.kind));
});

test("what cannot be read is an error with its findings", () => {
  const broken = [{ name: "broken.pathway", text: "onward 1\n\nstep visit\n" }];
  assert.throws(() => ask(() => Library.compile(broken, undefined)), (error) => {
    assert.ok(error instanceof NotCompiled);
    assert.ok(error.report.findings.length > 0);
    return true;
  });
});

test("a refusal has a code, and says what would fit", async () => {
  const given = await sources(tea);
  using library = Library.compile(given, undefined);
  const [running] = library.open("tea_and_talk", { id: "a", facts: [], by: {} }, "2026-03-02T09:00:00Z");
  using _ = running;
  const what: wit.EventKind = { tag: "done", val: { step: "introduce", facts: [] } };
  const before = running.save();
  assert.throws(() => ask(() => running.apply({ id: "1", by: {}, with: [], what }, "2026-03-02T10:00:00Z")), (error) => {
    assert.ok(error instanceof Refused);
    assert.equal(error.code, "not-open");
    assert.equal(error.retry, false);
    assert.match(show.refusal(error), /^refused, not-open: [^]*what would fit: .*visit/);
    return true;
  });
  assert.equal(running.save(), before);
});

/** As it is in JSON: `undefined` is what is left out, and a revision is a number. */
const inText = <T>(it: T): InText<T> => JSON.parse(JSON.stringify(it, (_, of) => (typeof of === "bigint" ? Number(of) : of)));

test("as JSON it says what it says as types", async () => {
  const given = await sources(tea);
  using library = Library.compile(given, undefined);
  const now = "2026-03-02T09:00:00Z";
  const [typed, first] = library.open("tea_and_talk", { id: "a", facts: [], by: {}, secret: new Uint8Array(32) }, now);
  const [written, same] = text.open(library, "tea_and_talk", { id: "a", facts: [], by: {}, secret: Array(32).fill(0) }, now);
  using _ = typed;
  using __ = written;
  assert.deepEqual(same, inText(first));
  assert.ok(same.standing.tag === "next" && same.standing.val.length === 1);
  assert.deepEqual(text.advance(written, now), inText(typed.advance(now)));
  const lonely: wit.Facts = [["lonely", { tag: "value", val: "yes" }]];
  const visited = { id: "1", by: { role: "volunteer" }, with: [], what: { tag: "done", val: { step: "visit", facts: lonely } } } as const;
  const later = "2026-03-02T10:00:00Z";
  assert.deepEqual(text.apply(written, { ...visited, with: [] }, later), inText(typed.apply({ ...visited, with: [] }, later)));
  const died: wit.EventKind = { tag: "life", val: "died" };
  const rest = ["2", "3"].map((id): [wit.Event, string] => [{ id, by: {}, with: [], what: died }, later]);
  const all = text.applyAll(written, rest.map(([event, at]) => [inText(event), at]));
  assert.equal(all.refused?.code, "closed");
  assert.deepEqual(all, inText(typed.applyAll(rest)));
  assert.equal(written.save(), typed.save());
  assert.throws(() => ask(() => text.apply(written, { ...visited, with: [], whom: 1 } as text.Event, later)), (error) => {
    assert.ok(error instanceof Refused);
    assert.equal(error.code, "bad-text");
    assert.match(error.message, /whom/);
    return true;
  });
});

test("what comes as a history, and for many cases at once, is answered the same as types and as JSON", async () => {
  using library = Library.compile(await sources(tea), undefined);
  const [now, later] = ["2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z"];
  const opening = { id: "a", facts: [], by: {} };
  const visited: wit.Event = { id: "1", by: { role: "volunteer" }, with: [], what: { tag: "done", val: { step: "visit", facts: [["lonely", { tag: "value", val: "yes" }]] } } };
  const died = (id: string): wit.Event => ({ id, by: {}, with: [], what: { tag: "life", val: "died" } });
  const history: [wit.Event, string][] = [[visited, later], [died("2"), later], [died("3"), later]];
  const [typed, applied] = library.openWith("tea_and_talk", opening, now, history);
  const [written, same] = text.openWith(library, "tea_and_talk", opening, now, history.map(([event, at]) => [inText(event), at]));
  using _ = typed;
  using __ = written;
  assert.deepEqual([applied.taken, applied.refused?.code], [2, "closed"]);
  assert.deepEqual(same, inText(applied));
  assert.equal(written.save(), typed.save());
  // Each is answered for itself: one is closed, and the other has time, and then goes on.
  using one = library.open("tea_and_talk", opening, now)[0];
  using other = library.open("tea_and_talk", opening, now)[0];
  const types = applyEach([{ of: typed, event: died("4"), now: later }, { of: one, now: later }, { of: one, event: visited, now: later }]);
  const each = text.applyEach([[written, inText(died("4")), later], [other, undefined, later], [other, inText(visited), later]]);
  assert.deepEqual(each.map((it) => (it.tag === "ok" ? it.val.standing.tag : it.val.code)), ["closed", "next", "next"]);
  assert.deepEqual(each, inText(types));
  assert.throws(() => text.applyEach([[library as unknown as wit.Case, undefined, later]]), TypeError);
});

test("somebody goes home as before, and one can say why", async () => {
  const lines: string[] = [];
  const saved = await walk(join(onwards, "pathways/home_first.pathway"), await person("home_as_before.json"), (line) => lines.push(line));
  const said = lines.join("\n");
  assert.match(said, /told to person: Welcome\./);
  assert.match(said, /closed: at_home, and gp_practice holds the person\nwhy /);
  assert.ok(saved.startsWith("{"));
});

test("a pathway is found in a file of any name, and people of one's own", async () => {
  const folder = await mkdtemp(join(tmpdir(), "onward-"));
  try {
    const [mine, who] = [join(folder, "mine.pathway"), join(folder, "rose.json")];
    await copyFile(tea, mine);
    await writeFile(who, JSON.stringify({ starts: "2026-03-02T10:00+01:00", events: [{ after: "1 day", life: "moved_away" }] }));
    const lines: string[] = [];
    await walk(mine, await readPerson(who), (line) => lines.push(line));
    assert.match(lines.join("\n"), /^2026-03-02T09:00:00Z {2}opened[^]*closed: left_in_peace/);
    await assert.rejects(walk(mine, await readPerson(who), () => {}, "no_such"), /no_such/);
    await writeFile(who, JSON.stringify({ starts: "2026-03-02T10:00", events: [{ afer: "1 day", nothing: true }] }));
    await assert.rejects(readPerson(who), /event 1: this example does not know the field `afer`/);
    await writeFile(mine, new Uint8Array([0xff, 0xfe]));
    await assert.rejects(sources(mine), /mine\.pathway/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("nothing that a happening says is passed over", () => {
  const next: wit.Standing = { tag: "next", val: [] };
  const what = (it: Parameters<typeof event>[1]): wit.EventKind | undefined => event("1", it, next)?.what;
  assert.deepEqual(what({ accepted: "a", condition: "on mondays" }), { tag: "accept", val: { step: "a", condition: "on mondays" } });
  assert.deepEqual(what({ settled: "frail", facts: { frail: true } }), { tag: "settle", val: { fact: "frail", value: "yes" } });
  assert.deepEqual(what({ life: "cannot_be_reached" }), { tag: "life", val: "cannot-be-reached" });
  assert.deepEqual(what({ raised: "worried", because: "so" }), { tag: "raise", val: { what: "worried", reason: "so" } });
  assert.deepEqual(what({ withdrawn: "nights" }), { tag: "withdraw", val: { what: { tag: "risk", val: "nights" } } });
  assert.deepEqual(what({ disagrees: "nurse", because: "no" }), { tag: "disagree", val: { role: "nurse", reason: "no" } });
  assert.equal(what({ nothing: true }), undefined);
  assert.throws(() => length("3 months"), /no length of time/);
  assert.throws(() => instant("tomorrow", "Europe/London"), /no time/);
});

test("local times and lengths are as in a person file", () => {
  assert.equal(moment(instant("2026-03-02T09:00", "Europe/London")), "2026-03-02T09:00:00Z");
  assert.equal(moment(instant("2026-07-01T09:00", "Europe/London")), "2026-07-01T08:00:00Z");
  assert.equal(length("1 day 4 hours"), 28 * 3_600_000);
  assert.match(version(), /^\d+\.\d+\.\d+$/);
});

// What the example shows, as tests. ONWARD_SOURCES is the folder that has `pathways/` and `examples/`: two up from here,
// unless this folder was copied elsewhere.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ask, check, explain, Library, NotCompiled, Refused, sources, version, type wit } from "./onward.js";
import { instant, length, moment, type Person } from "./person.js";
import * as show from "./show.js";
import { walk } from "./walk.js";

const from = process.env["ONWARD_SOURCES"] ?? "../..";
const tea = join(from, "examples/first/tea_and_talk.pathway");

async function person(name: string): Promise<Person> {
  return JSON.parse(await readFile(join(from, "examples/people", name), "utf8")) as Person;
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
    return true;
  });
  assert.equal(running.save(), before);
});

test("somebody goes home as before, and one can say why", async () => {
  const lines: string[] = [];
  const saved = await walk(join(from, "pathways/home_first.pathway"), await person("home_as_before.json"), (line) => lines.push(line));
  const said = lines.join("\n");
  assert.match(said, /told to person: Welcome\./);
  assert.match(said, /closed: at_home, and gp_practice holds the person\nwhy /);
  assert.ok(saved.startsWith("{"));
});

test("local times and lengths are as in a person file", () => {
  assert.equal(moment(instant("2026-03-02T09:00", "Europe/London")), "2026-03-02T09:00:00Z");
  assert.equal(moment(instant("2026-07-01T09:00", "Europe/London")), "2026-07-01T08:00:00Z");
  assert.equal(length("1 day 4 hours"), 28 * 3_600_000);
  assert.match(version(), /^\d+\.\d+\.\d+$/);
});

// One pathway from start to end (`w2.pathway`), in XState and through the component, in turns, in one process. Called by
// `cargo bench -p onward-host` as `node w2.mjs COMPONENT FOLDER`; prints microseconds for a whole case, as JSON.

import { transpile } from "@bytecodealliance/jco-transpile";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { assign, createActor, createMachine } from "xstate";

const [component, folder] = process.argv.slice(2);

// What is not there is not known: XState would take it for no, so every guard of this machine asks for what it needs.
const known = (context, ...names) => names.every((name) => context[name] !== undefined);
const found = assign(({ event }) => event.facts ?? {});

const machine = createMachine({
  id: "w2",
  initial: "assess",
  context: {},
  states: {
    assess: { on: { done: { actions: found, target: "how_urgent" } } },
    how_urgent: {
      always: [
        { guard: ({ context: it }) => known(it, "falls", "frailty") && it.falls >= 3 && it.frailty >= 6, target: "see_today" },
        { guard: ({ context: it }) => known(it, "age", "lives_alone") && it.age >= 85 && it.lives_alone, target: "see_today" },
        { guard: ({ context: it }) => known(it, "age", "falls", "frailty", "lives_alone"), target: "see_this_week" },
        { target: "assess" },
      ],
    },
    see_today: { on: { done: { actions: found, target: "what_help" } } },
    see_this_week: { on: { done: { actions: found, target: "what_help" } } },
    what_help: {
      always: [
        { guard: ({ context: it }) => it.steady === false || (known(it, "frailty") && it.frailty >= 5), target: "help_at_home" },
        { guard: ({ context: it }) => known(it, "steady", "frailty"), target: "review" },
        { target: "see_this_week" },
      ],
    },
    help_at_home: {
      type: "parallel",
      states: {
        equipment: { initial: "open", states: { open: { on: { equipment_done: "done" } }, done: { type: "final" } } },
        visits: { initial: "open", states: { open: { on: { visits_done: "done" } }, done: { type: "final" } } },
      },
      onDone: "review",
    },
    review: { on: { done: { actions: found, target: "where_next" } } },
    where_next: {
      always: [
        { guard: ({ context: it }) => it.support_enough === true, target: "to_the_practice" },
        { guard: ({ context: it }) => it.support_enough === false, target: "help_at_home" },
        { target: "review" },
      ],
    },
    to_the_practice: { on: { accepted: "at_home" } },
    at_home: { type: "final" },
  },
});

function inXState(saving) {
  let actor = createActor(machine).start();
  const send = (event) => {
    actor.send(event);
    if (!saving) return;
    const saved = JSON.stringify(actor.getPersistedSnapshot());
    actor = createActor(machine, { snapshot: JSON.parse(saved) }).start();
  };
  send({ type: "done", facts: { age: 88, falls: 1, frailty: 5, lives_alone: true } });
  send({ type: "done", facts: { steady: false } });
  send({ type: "equipment_done" });
  send({ type: "visits_done" });
  send({ type: "done", facts: { support_enough: true } });
  send({ type: "accepted" });
  if (actor.getSnapshot().value !== "at_home") throw new Error("XState did not come to the end");
}

async function engine() {
  const { files } = await transpile(resolve(component), { name: "onward", noComponentErrorWrapping: false });
  // As in examples/node/transpile.mjs.
  const asks = "if (!globalThis?.process?.env?.JCO_DEBUG) { return; }";
  files["onward.js"] = new TextDecoder().decode(files["onward.js"]).replace(asks, "return;");
  for (const [name, content] of Object.entries(files)) {
    const file = join(resolve(folder), name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return (await import(pathToFileURL(join(resolve(folder), "onward.js")).href)).pathways;
}

const { Library } = await engine();
const text = await readFile(new URL("w2.pathway", import.meta.url), "utf8");
const library = Library.compile([{ name: "w2.pathway", text }], undefined);

const value = (val) => ({ tag: "value", val });
const done = (step, ...facts) => ({ tag: "done", val: { step, facts } });
const [OPENING, OPENED] = [{ id: "case-1", facts: [], by: {} }, "2026-03-02T09:00:00Z"];
const EVENTS = [
  ["nurse", "2026-03-02T10:00:00Z", done("assess", ["age", value("88")], ["falls", value("1")], ["frailty", value("5")], ["lives_alone", value("yes")])],
  ["therapist", "2026-03-02T11:00:00Z", done("see_today", ["steady", value("no")])],
  ["therapist", "2026-03-02T12:00:00Z", done("equipment")],
  ["nurse", "2026-03-02T13:00:00Z", done("visits")],
  ["nurse", "2026-03-03T13:00:00Z", done("review", ["support_enough", value("yes")])],
  ["practice", "2026-03-03T14:00:00Z", { tag: "accept", val: { step: "to_the_practice" } }],
].map(([role, now, what], number) => [{ id: `event-${number + 1}`, by: { role }, with: [], what }, now]);

function inOnward(saving) {
  let [running, answer] = library.open("w2", OPENING, OPENED);
  for (const [event, now] of EVENTS) {
    answer = running.apply(event, now);
    if (!saving) continue;
    const saved = running.save();
    running[Symbol.dispose]();
    running = library.load(saved);
  }
  if (answer.standing.tag !== "closed" || answer.standing.val.ending !== "at_home") throw new Error("Onward did not come to the end");
  running[Symbol.dispose]();
}

/** The same in one call: opened, with its events. */
function inOnwardAtOnce() {
  const [running, { answer }] = library.openWith("w2", OPENING, OPENED, EVENTS);
  if (answer.standing.tag !== "closed" || answer.standing.val.ending !== "at_home") throw new Error("Onward did not come to the end");
  running[Symbol.dispose]();
}

const encoder = new TextEncoder();
const written = (it) => encoder.encode(JSON.stringify(it));
const read = (text) => JSON.parse(text);
const answered = ({ standing }) => {
  if (standing.tag !== "closed" || standing.val.ending !== "at_home") throw new Error("Onward did not come to the end");
};

/** The same as JSON: every answer is the same object in the end. */
function inOnwardText() {
  const [running, opened] = library.openText("w2", written(OPENING), OPENED);
  let answer = read(opened);
  for (const [event, now] of EVENTS) answer = read(running.applyText(written(event), now));
  answered(answer);
  running[Symbol.dispose]();
}

function inOnwardTextAtOnce() {
  const [running, applied] = library.openWithText("w2", written([[OPENING, OPENED], EVENTS]));
  answered(read(applied).answer);
  running[Symbol.dispose]();
}

/** Microseconds for one, the quickest of several rounds, in turns so that both have the machine as it is. */
function timed(ways, cases, rounds) {
  const best = ways.map(() => Infinity);
  for (let round = 0; round < rounds; round++) {
    ways.forEach((way, which) => {
      const start = process.hrtime.bigint();
      for (let one = 0; one < cases; one++) way();
      best[which] = Math.min(best[which], Number(process.hrtime.bigint() - start) / 1000 / cases);
    });
  }
  return best;
}

const ways = {
  xstate: () => inXState(false),
  onward: () => inOnward(false),
  onwardText: inOnwardText,
  onwardAtOnce: inOnwardAtOnce,
  onwardTextAtOnce: inOnwardTextAtOnce,
  xstateSaved: () => inXState(true),
  onwardSaved: () => inOnward(true),
};
const best = timed(Object.values(ways), 60, 60);
console.log(JSON.stringify(Object.fromEntries(Object.keys(ways).map((name, at) => [name, best[at]]))));

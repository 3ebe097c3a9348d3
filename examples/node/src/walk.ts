// Takes somebody through a pathway: `npm run walk -- PATHWAY-FILE PERSON-FILE [--pathway NAME] [--save FILE]`.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { ask, facts, Library, NotCompiled, onwards, pathwayOf, Refused, sources, type wit } from "./onward.js";
import { event, instant, length, moment, type Person, readPerson } from "./person.js";
import * as show from "./show.js";
import { advance, apply, open, type Opening } from "./text.js";

/** Goes through everything that happens to the person, and says each answer. What it gives back is the case as saved. */
export async function walk(file: string, person: Person, say: (line: string) => void, pathway?: string): Promise<string> {
  const given = await sources(file);
  using library = ask(() => Library.compile(given, undefined));
  const name = pathway ?? pathwayOf(library, file);
  const zone = zoneOf(library, name);
  let now = instant(person.starts, zone);
  const opening: Opening = { id: "case-1", facts: facts(person.facts), by: { source: "example" } };
  let [running, answer] = ask(() => open(library, name, opening, moment(now)));
  const tell = (at: string, what: string): void => {
    say(`${at}  ${what}`);
    answer.effects.forEach((it) => it.what.tag === "tell" && say(`  told to ${it.what.val.who}: ${it.what.val.text}`));
    say(show.standing(answer.standing));
  };
  tell(moment(now), "opened");
  for (const [number, happening] of (person.events ?? []).entries()) {
    now = new Date(now.getTime() + length(happening.after));
    // What falls due before is let happen at its own time, as a host with a timer would.
    for (let due = running.due(); due !== undefined && new Date(due) <= now; due = running.due()) {
      const at = due;
      answer = ask(() => advance(running, at));
      tell(at, "something fell due");
    }
    const happened = event(`event-${number + 1}`, happening, answer.standing);
    if (happened === undefined) continue;
    answer = ask(() => apply(running, happened, moment(now)));
    tell(moment(now), happened.what.tag);
    // A host that was stopped goes on like this: the case is text in its database.
    const saved = running.save();
    running[Symbol.dispose]();
    running = ask(() => library.load(saved));
  }
  const place = answer.standing.tag === "closed" ? answer.standing.val.ending : undefined;
  const why = place === undefined ? undefined : running.why(place);
  if (why !== undefined) say(`why ${show.why(why)}`);
  const saved = running.save();
  running[Symbol.dispose]();
  return saved;
}

/** The time zone of the directory that the pathway runs with. */
function zoneOf(library: wit.Library, name: string): string {
  const pathway = library.pathways().find((it) => it.name === name);
  const directory = library.directories().find((it) => it.name === pathway?.directory);
  return directory?.zone ?? "UTC";
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { save: { type: "string" }, pathway: { type: "string" } },
  });
  const into = values.save;
  const [file = join(onwards, "pathways/home_first.pathway"), who = join(onwards, "examples/people/home_as_before.json")] = positionals;
  try {
    const saved = await walk(file, await readPerson(who), (line) => console.log(line), values.pathway);
    if (into !== undefined) await writeFile(into, saved);
  } catch (error) {
    if (error instanceof NotCompiled) error.report.findings.forEach((it) => console.error(show.finding(it)));
    else if (error instanceof Refused) console.error(show.refusal(error));
    else console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();

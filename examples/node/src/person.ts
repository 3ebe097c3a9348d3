// A person file (`docs/person-file.md` says what stands in one): what happens to somebody, one thing after the other.

import { readFile } from "node:fs/promises";
import { facts, type InJson, type wit } from "./onward.js";
import type { Event } from "./text.js";

export interface Person {
  about?: string;
  /** Local time, as `2026-03-02T09:00`; or with an offset, `2026-03-02T09:00+00:00`. */
  starts: string;
  facts?: Record<string, InJson>;
  events?: Happening[];
}

/** One thing that happens. This example knows all but what models answer, for which it would need to know the model. */
export interface Happening {
  about?: string;
  /** How long after what was before: `1 day 4 hours`. */
  after?: string;
  by?: string;
  because?: string;
  facts?: Record<string, InJson>;
  with?: string[];
  done?: string;
  declined?: string;
  cannot?: string;
  accepted?: string;
  condition?: string;
  refused?: string;
  decides?: string;
  agrees?: string;
  disagrees?: string;
  role?: string;
  withdrawn?: string;
  settled?: string;
  raised?: string;
  life?: string;
  otherwise?: string;
  step?: string;
  reassigned?: string;
  to?: string;
  within?: string;
  record?: boolean;
  nothing?: boolean;
}

const FIELDS = new Set([
  ...["about", "after", "by", "because", "facts", "with", "done", "declined", "cannot", "accepted", "condition", "refused"],
  ...["decides", "agrees", "disagrees", "role", "withdrawn", "settled", "raised", "life", "otherwise", "step"],
  ...["reassigned", "to", "within", "record", "nothing"],
]);

/** Reads a person file. What it does not know it refuses: a field that is passed over is something that did not happen. */
export async function readPerson(file: string): Promise<Person> {
  const person = JSON.parse(await readFile(file, "utf8")) as Person;
  if (typeof person.starts !== "string") throw new Error(`${file}: it does not say when it starts`);
  known(file, person, new Set(["about", "starts", "facts", "events"]));
  (person.events ?? []).forEach((it, at) => known(`${file}: event ${at + 1}`, it, FIELDS));
  return person;
}

function known(where: string, it: object, fields: Set<string>): void {
  const other = Object.keys(it).find((name) => !fields.has(name));
  if (other !== undefined) throw new Error(`${where}: this example does not know the field \`${other}\``);
}

/** The event that a happening is, as the case stands; nothing, where only time goes on. */
export function event(id: string, it: Happening, standing: wit.Standing): Event | undefined {
  const what = kind(it, standing);
  return what && { id, by: it.by === undefined ? {} : { role: it.by }, with: it.with ?? [], what };
}

function kind(it: Happening, standing: wit.Standing): wit.EventKind | undefined {
  const why = it.because === undefined ? {} : { reason: it.because };
  if (it.nothing) return undefined;
  if (it.record) return { tag: "record", val: facts(it.facts) };
  if (it.done !== undefined) return { tag: "done", val: { step: it.done, facts: facts(it.facts) } };
  if (it.declined !== undefined) return { tag: "declined", val: { step: it.declined, ...why } };
  if (it.cannot !== undefined) return { tag: "cannot", val: { step: it.cannot, reason: it.because ?? "not said" } };
  if (it.decides !== undefined) return decide(it, it.decides, it.step, standing);
  if (it.disagrees !== undefined) {
    const where = toDecide(standing).find((one) => it.step === undefined || isFor(one, it.step));
    const advice = where?.work.val.advice;
    const seen = { ...(where && { step: where.id }), ...(advice && { advice: advice.id }) };
    return { tag: "disagree", val: { role: it.disagrees, reason: it.because ?? "not said", ...seen } };
  }
  if (it.withdrawn !== undefined) {
    return { tag: "withdraw", val: { what: { tag: "risk", val: it.withdrawn }, ...why } };
  }
  if (it.settled !== undefined) {
    const said = facts(it.facts).find(([name]) => name === it.settled)?.[1];
    if (said?.tag !== "value") throw new Error(`\`settled\`: \`facts\` does not say what \`${it.settled}\` is`);
    return { tag: "settle", val: { fact: it.settled, value: said.val, ...why } };
  }
  if (it.raised !== undefined) return { tag: "raise", val: { what: it.raised, reason: it.because ?? "not said" } };
  if (it.life !== undefined) return { tag: "life", val: it.life.replaceAll("_", "-") as wit.LifeEvent };
  if (it.agrees !== undefined) {
    const chosen = asked(standing, it.agrees) ? choice("accepted", it.agrees, standing) : choice(it.agrees, it.step, standing);
    return { tag: "agree", val: { role: it.role ?? "", ...chosen } };
  }
  // A positive risk is put to somebody as a decision.
  if (it.accepted !== undefined) {
    if (asked(standing, it.accepted)) return decide(it, "accepted", it.accepted, standing);
    return { tag: "accept", val: { step: it.accepted, ...(it.condition !== undefined && { condition: it.condition }) } };
  }
  if (it.refused !== undefined) {
    if (asked(standing, it.refused)) return decide(it, "not_accepted", it.refused, standing);
    return { tag: "refuse", val: { step: it.refused, reason: it.because ?? "not said" } };
  }
  if (it.reassigned !== undefined) {
    return { tag: "reassign", val: { step: it.reassigned, to: it.to ?? "", within: it.within ?? "", ...why } };
  }
  throw new Error(`this example does not know what happens here: ${JSON.stringify(it)}`);
}

type ToDecide = wit.NextStep & { work: wit.WorkDecide };

function toDecide(standing: wit.Standing): ToDecide[] {
  const next = standing.tag === "next" ? standing.val : [];
  return next.filter((step): step is ToDecide => step.work.tag === "decide");
}

function asked(standing: wit.Standing, step: string): boolean {
  return toDecide(standing).some((it) => isFor(it, step));
}

/** Whether it is that step, or a question of that positive risk: `home_with_the_risk/person`. */
function isFor(it: wit.NextStep, name: string): boolean {
  return it.step === name || it.step.startsWith(`${name}/`);
}

function decide(it: Happening, said: string, step: string | undefined, standing: wit.Standing): wit.EventKind {
  const otherwise = it.otherwise === undefined ? {} : { otherwise: it.otherwise };
  const why = it.because === undefined ? {} : { reason: it.because };
  return { tag: "decide", val: { ...choice(said, step, standing), ...otherwise, ...why } };
}

/** What is chosen, and where; whoever chooses names the advice they saw. */
function choice(said: string, step: string | undefined, standing: wit.Standing): Pick<wit.Decision, "step" | "option" | "advice"> {
  const means = (option: string): boolean => option === said || option.endsWith(`/${said}`);
  const waiting = toDecide(standing).filter((one) => step === undefined || isFor(one, step));
  const place = waiting.find((one) => one.work.val.options.some(means)) ?? waiting[0];
  if (place === undefined) return { option: said };
  const { options, advice } = place.work.val;
  const seen = advice === undefined ? {} : { advice: advice.id };
  return { step: place.id, option: options.find(means) ?? said, ...seen };
}

const UNITS: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 };

/** A length of time in words, in milliseconds. */
export function length(words = "0 seconds"): number {
  if (!/^(\d+ (second|minute|hour|day|week)s?( and | |$))+$/.test(words)) {
    throw new Error(`\`${words}\` is no length of time, such as \`1 day 4 hours\``);
  }
  let seconds = 0;
  for (const [, count, unit] of words.matchAll(/(\d+) (second|minute|hour|day|week)s?/g)) {
    seconds += Number(count) * (UNITS[unit ?? ""] ?? 0);
  }
  return seconds * 1000;
}

/** The instant of a local time in a time zone; one with an offset says itself which it is. */
export function instant(local: string, zone: string): Date {
  const at = new Date(`${local}Z`);
  if (/(Z|[+-]\d\d:?\d\d)$/.test(local)) return valid(new Date(local), local);
  valid(at, local);
  const asIfUtc = at.getTime();
  const ahead = (at: number): number => {
    const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(at);
    const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "GMT";
    const [, sign, hours, minutes] = /GMT([+-])(\d+):(\d+)/.exec(name) ?? ["", "+", "0", "0"];
    return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  };
  // Twice, since the first guess may be on the other side of a change of the clocks.
  const guess = asIfUtc - ahead(asIfUtc);
  return new Date(asIfUtc - ahead(guess));
}

function valid(at: Date, text: string): Date {
  if (Number.isNaN(at.getTime())) throw new Error(`\`${text}\` is no time, such as \`2026-03-02T09:00\``);
  return at;
}

/** As the engine takes it: whole seconds. */
export function moment(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, "Z");
}

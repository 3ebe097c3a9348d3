// A person file (`docs/person-file.md` says what stands in one): what happens to somebody, one thing after the other.

import { facts, type InJson, type wit } from "./onward.js";

export interface Person {
  about?: string;
  /** Local time, as `2026-03-02T09:00`. */
  starts: string;
  facts?: Record<string, InJson>;
  events?: Happening[];
}

/** One thing that happens. This example knows the usual ones. */
export interface Happening {
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
  refused?: string;
  decides?: string;
  agrees?: string;
  role?: string;
  otherwise?: string;
  step?: string;
  reassigned?: string;
  to?: string;
  within?: string;
  record?: boolean;
  nothing?: boolean;
}

/** The event that a happening is, as the case stands; nothing, where only time goes on. */
export function event(id: string, it: Happening, standing: wit.Standing): wit.Event | undefined {
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
  if (it.agrees !== undefined) {
    const chosen = asked(standing, it.agrees) ? choice("accepted", it.agrees, standing) : choice(it.agrees, it.step, standing);
    return { tag: "agree", val: { role: it.role ?? "", ...chosen } };
  }
  // A positive risk is put to somebody as a decision.
  if (it.accepted !== undefined) {
    if (asked(standing, it.accepted)) return decide(it, "accepted", it.accepted, standing);
    return { tag: "accept", val: { step: it.accepted } };
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
  let seconds = 0;
  for (const [, count, unit] of words.matchAll(/(\d+) (second|minute|hour|day|week)s?/g)) {
    seconds += Number(count) * (UNITS[unit ?? ""] ?? 0);
  }
  return seconds * 1000;
}

/** The instant of a local time in a time zone. */
export function instant(local: string, zone: string): Date {
  const asIfUtc = new Date(`${local}Z`).getTime();
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

/** As the engine takes it: whole seconds. */
export function moment(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, "Z");
}

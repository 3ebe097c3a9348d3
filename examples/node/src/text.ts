// What a case is asked most often, as JSON: the same shapes as the types of the interface, and half as quick again, since
// a whole answer goes over the border as one, and `JSON.parse` is the quickest way from a text to an object. As with the types, call
// it inside `ask`, which makes a `Refused` of what is refused.

import { applyEachText, Case, type wit } from "./onward.js";

/** A type of the interface as it is in JSON: every number is a `number`, and bytes are a list of them. */
export type InText<T> = T extends bigint
  ? number
  : T extends Uint8Array
    ? number[]
    : T extends object
      ? { [Name in keyof T]: InText<T[Name]> }
      : T;

export type Answer = InText<wit.Answer>;
export type Applied = InText<wit.Applied>;
export type Event = InText<wit.Event>;
export type Opening = InText<wit.Opening>;

const encoder = new TextEncoder();
const written = (it: unknown): Uint8Array => encoder.encode(JSON.stringify(it));

/** Opens a case. */
export function open(library: wit.Library, pathway: string, opening: Opening, now: string): [wit.Case, Answer] {
  const [running, answer] = library.openText(pathway, written(opening), now);
  return [running, JSON.parse(answer) as Answer];
}

/** Opens a case with what has happened since, each event with when it is recorded, and answers once. `refused` says what was not taken. */
export function openWith(
  library: wit.Library,
  pathway: string,
  opening: Opening,
  now: string,
  events: [Event, string][],
): [wit.Case, Applied] {
  const [running, applied] = library.openWithText(pathway, written([[opening, now], events]));
  return [running, JSON.parse(applied) as Applied];
}

/** Takes an event. */
export function apply(running: wit.Case, event: Event, now: string): Answer {
  return JSON.parse(running.applyText(written(event), now)) as Answer;
}

/** Takes events in turn, each with when it is recorded, and answers once. */
export function applyAll(running: wit.Case, events: [Event, string][]): Applied {
  return JSON.parse(running.applyAllText(written(events))) as Applied;
}

/** Lets time go on. */
export function advance(running: wit.Case, now: string): Answer {
  return JSON.parse(running.advanceText(now)) as Answer;
}

/** What came of one of many cases. */
export type Each = { tag: "ok"; val: Answer } | { tag: "err"; val: wit.Error };

/** Each case takes its event, or lets time go on where there is none, in one call for all; each is answered for itself. */
export function applyEach(turns: [wit.Case, Event | undefined, string][]): Each[] {
  // jco looks at the number of what it is given, and not at what it is.
  if (!turns.every(([of]) => of instanceof Case)) throw new TypeError("applyEach is for cases");
  const events = turns.map(([, event, now]) => [event ?? null, now]);
  return JSON.parse(applyEachText(turns.map(([of]) => of), written(events))) as Each[];
}

// What a case is asked most often, as JSON: the same shapes as the types of the interface, and about twice as quick, since
// a whole answer goes over the border as one, and `JSON.parse` is the quickest way from a text to an object.

import type { wit } from "./onward.js";

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

const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];
const written = (it: unknown): Uint8Array => encoder.encode(JSON.stringify(it));
const read = (it: Uint8Array): unknown => JSON.parse(decoder.decode(it));

/** Opens a case. */
export function open(library: wit.Library, pathway: string, opening: Opening, now: string): [wit.Case, Answer] {
  const [running, answer] = library.openText(pathway, written(opening), now);
  return [running, read(answer) as Answer];
}

/** Takes an event. */
export function apply(running: wit.Case, event: Event, now: string): Answer {
  return read(running.applyText(written(event), now)) as Answer;
}

/** Takes events in turn, each with when it is recorded, and answers once. */
export function applyAll(running: wit.Case, events: [Event, string][]): Applied {
  return read(running.applyAllText(written(events))) as Applied;
}

/** Lets time go on. */
export function advance(running: wit.Case, now: string): Answer {
  return read(running.advanceText(now)) as Answer;
}

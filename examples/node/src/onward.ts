// What a host adds to the engine: sources from files, facts as pathways write them, and refusals as errors of JavaScript.

import { readFile } from "node:fs/promises";
import { basename, posix, relative, resolve, sep } from "node:path";
import type * as wit from "../engine/interfaces/onward-engine-pathways.js";
import { pathways } from "../engine/onward.js";

export type { wit };
export const { Case, Library, applyEach, applyEachText, check, explain, version } = pathways;

/** The engine said no. Nothing has changed; `code` is for programs, the message for whoever sent it. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly fits: string[],
    readonly retry: boolean,
  ) {
    super(message);
  }
}

/** The sources cannot be read. */
export class NotCompiled extends Error {
  constructor(readonly report: wit.Report) {
    super(`${report.findings.length} findings`);
  }
}

/** Asks the engine; what it answers as an error is thrown as one of the two above. */
export function ask<T>(question: () => T): T {
  try {
    return question();
  } catch (thrown) {
    throw refusal(thrown) ?? thrown;
  }
}

// jco throws an error whose `payload` is what the interface says: an `error`, or `not-compiled`.
function refusal(thrown: unknown): Error | undefined {
  if (!(thrown instanceof Error) || !("payload" in thrown)) return undefined;
  const payload = thrown.payload as wit.Error | wit.NotCompiled;
  if ("tag" in payload) {
    return payload.tag === "found" ? new NotCompiled(payload.val) : refused(payload.val);
  }
  return refused(payload);
}

function refused(it: wit.Error): Refused {
  return new Refused(it.code, it.message, it.fits, it.retry);
}

const text8 = new TextDecoder("utf-8", { fatal: true });

/** Where Onward is: the folder that has `pathways/` and `examples/`, unless this folder was copied elsewhere. */
export const onwards = process.env["ONWARD_SOURCES"] ?? "../..";

/** A file, and every file that it, or one of those, uses or is tested with. */
export async function sources(file: string): Promise<wit.Source[]> {
  // Whole paths, so that no file has two names.
  const waiting = [resolve(file).split(sep).join("/")];
  const read = new Map<string, string>();
  for (const name of waiting) {
    if (read.has(name)) continue;
    let text: string;
    try {
      text = text8.decode(await readFile(name));
    } catch (error) {
      // The file one asked for must be there. That one which is used is not, the engine says, and where.
      if (read.size > 0 && error instanceof Error && "code" in error && error.code === "ENOENT") continue;
      throw new Error(`${shown(name)}: ${error instanceof Error ? error.message : String(error)}`);
    }
    read.set(name, text);
    for (const [, used] of text.matchAll(/^\s*(?:use|tested with)\s+"([^"]+)"/gm)) {
      waiting.push(posix.join(posix.dirname(name), used ?? ""));
    }
  }
  return [...read].map(([name, text]) => ({ name, text }));
}

/** The pathway that a file is about: the one of its name, or the only one there is. */
export function pathwayOf(library: wit.Library, file: string): string {
  const all = library.pathways().map((it) => it.name);
  const name = basename(file, ".pathway");
  const [first, ...more] = all.includes(name) ? [name] : all;
  if (first === undefined || more.length > 0) {
    throw new Error(`which pathway of ${file}? Say \`--pathway NAME\`, one of: ${all.join(", ") || "none"}`);
  }
  return first;
}

/** A name of a source as people know it: from where they are. */
export function shown(name: string): string {
  return relative(process.cwd(), name);
}

/** A value in JSON as it is written in a pathway: `yes`, `4`, `own_routines and neighbour_calls`. */
export type InJson = boolean | number | string | string[] | { [how: string]: string };

/** Facts, as the engine takes them. */
export function facts(given: Record<string, InJson> = {}): wit.Facts {
  return Object.entries(given).map(([name, value]) => [name, answer(value)]);
}

function answer(value: InJson): wit.FactAnswer {
  const said = (val: string): wit.FactAnswer => ({ tag: "value", val });
  if (typeof value === "boolean") return said(value ? "yes" : "no");
  if (Array.isArray(value)) return said(value.length === 0 ? "none_of_them" : value.join(" and "));
  if (typeof value !== "object") return said(String(value));
  const [how, why] = Object.entries(value)[0] ?? ["", ""];
  switch (how) {
    case "declined":
      return { tag: "declined", val: why };
    case "could not":
      return { tag: "could-not", val: why };
    case "not applicable":
      return { tag: "not-applicable", val: why };
    default:
      throw new Error(`a fact is a value, or one of \`declined\`, \`could not\`, \`not applicable\`, and not \`${how}\``);
  }
}

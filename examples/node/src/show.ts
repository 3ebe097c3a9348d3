// What the engine says, in lines for people.

import { type Refused, shown, type wit } from "./onward.js";

/** A finding, with where it is and what to do about it. */
export function finding(it: wit.Finding): string {
  const { file, line, column } = it.at.place;
  const lines = [`${shown(file)}:${line}:${column}: ${it.severity}: ${it.message} [${it.kind}]`];
  for (const { place, text } of it.others) {
    lines.push(`  see ${shown(place.file)}:${place.line}:${place.column}${text === "" ? "" : `: ${text}`}`);
  }
  if (it.help !== undefined) lines.push(`  help: ${it.help}`);
  if (it.suggestion !== undefined) lines.push(`  write: ${it.suggestion.text.trim()}`);
  return lines.join("\n");
}

/** What the engine does not take, and what it would. */
export function refusal(it: Refused): string {
  const fits = it.fits.length === 0 ? "" : `\n  what would fit: ${it.fits.join(", ")}`;
  return `refused, ${it.code}: ${it.message}${fits}`;
}

/** Where a case stands. */
export function standing(it: wit.Standing): string {
  switch (it.tag) {
    case "next":
      return it.val.map(nextStep).join("\n");
    case "closed":
      return `  closed: ${it.val.ending}, and ${it.val.heldBy} holds the person`;
    case "stranded":
      return `  stranded at ${it.val.decision}: a draft only`;
  }
}

function nextStep(it: wit.NextStep): string {
  return `  ${it.escalatedTo ?? it.owner}: ${it.title} (${toDo(it.work)} by ${it.due}; if late: ${it.ifLate})`;
}

function toDo(work: wit.Work): string {
  switch (work.tag) {
    case "accept":
      return "accept or refuse";
    case "decide":
      return `choose ${work.val.options.join(" or ")}${advised(work.val.advice)}`;
    case "settle":
      return `say what ${work.val.fact} is`;
    case "review":
      return `look at ${work.val.decision} again`;
    case "do":
    case "be-there":
    case "wait":
      return work.tag.replace("-", " ");
  }
}

function advised(advice: wit.Advised | undefined): string {
  return advice?.advises === undefined ? "" : `, advised is ${advice.advises}`;
}

/** Why the person came somewhere. */
export function why(it: wit.Why): string {
  const { cause } = it;
  switch (cause.tag) {
    case "ended":
      return `${it.title}: since "${cause.val.title}" was ${cause.val.how}`;
    case "decided":
      return `${it.title}: since "${cause.val.title}" said so${row(cause.val)}`;
    case "interrupted":
    case "block":
    case "asked":
    case "came":
    case "called":
    case "call-ended":
      return `${it.title}: since "${cause.val.title}"`;
    case "start":
      return `${it.title}: the pathway starts there`;
  }
}

function row(looked: wit.Looked): string {
  const chosen = looked.rows.find((row) => row.row === looked.row);
  if (chosen === undefined) return "";
  const known = chosen.facts.map((fact) => `${fact.title}: ${fact.value ?? "not known"}`);
  return `, row ${chosen.row}, "${chosen.words}" (${known.join("; ")})`;
}

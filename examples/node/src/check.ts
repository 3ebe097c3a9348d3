// Checks a file: `npm run check -- FILE`. Ends with 1 where something keeps it from being proved.

import { ask, check, sources } from "./onward.js";
import * as show from "./show.js";

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error("usage: npm run check -- FILE");
  process.exit(2);
}
const given = await sources(file).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
});
const { findings, allowed } = ask(() => check(given, undefined));
findings.forEach((it) => console.log(show.finding(it)));
allowed.forEach((it) => console.log(`allowed until ${it.until} by ${it.by}, because ${it.because}: ${it.finding.message}`));
const grave = findings.filter((it) => it.severity !== "warning").length;
console.log(grave === 0 ? `${file}: nothing stands against it` : `${file}: ${grave} to mend`);
process.exitCode = grave === 0 ? 0 : 1;

// Makes a JavaScript module, with its types, of the component: `engine/onward.js`. It is done once for each version of
// the component; nothing of jco is needed afterwards.

import { transpile } from "@bytecodealliance/jco-transpile";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const beside = [join(here, "onward.component.wasm"), join(here, "../../target/onward.component.wasm")];
const component = process.argv[2] ?? process.env["ONWARD_COMPONENT"] ?? beside.find((file) => existsSync(file));
if (component === undefined) {
  console.error("there is no component: put `onward.component.wasm` beside package.json, or name it in ONWARD_COMPONENT");
  process.exit(1);
}

const { files } = await transpile(component, { name: "onward", noComponentErrorWrapping: false }).catch((error) => {
  console.error(`${component} cannot be used: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
});
// What jco writes asks the environment, several times in every call, whether it should say what it does. That takes longer
// than the call itself, so it is asked no more.
const asks = "if (!globalThis?.process?.env?.JCO_DEBUG) { return; }";
files["onward.js"] = new TextDecoder().decode(files["onward.js"]).replace(asks, "return;");
for (const [name, content] of Object.entries(files)) {
  const file = join(here, "engine", name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
console.log(`${component} is now engine/onward.js`);

// methods.mjs is methods.js for the samples on its standard input, a line of
// JSON each: [pattern, flags, text].
import fs from "node:fs";
import readline from "node:readline";

const methods = new Function(fs.readFileSync(new URL("methods.js", import.meta.url), "utf8") + "; return methods")();
process.stderr.write(`Node ${process.versions.node}\n`);
const out = [];
for await (const line of readline.createInterface({ input: process.stdin })) out.push(methods(...JSON.parse(line)));
process.stdout.write(out.join("\n") + "\n");

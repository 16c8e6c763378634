// Reads pictures as their consumers do: a JSON list of {format, text} on standard input, what each found on standard output.
// `node read.mjs FOLDER`, where FOLDER has node_modules.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";

const folder = process.argv[2];
const require = createRequire(pathToFileURL(`${folder}/package.json`));
const asked = JSON.parse(readFileSync(0, "utf-8"));
const found = [];

if (asked.some((one) => one.format === "mermaid")) {
  const { JSDOM } = require("jsdom");
  const { window } = new JSDOM("<body></body>");
  globalThis.window = window;
  globalThis.document = window.document;
}
const module = (name) => import(pathToFileURL(`${folder}/node_modules/${name}`));

for (const { format, text } of asked) {
  try {
    found.push(format === "mermaid" ? await mermaid(text) : await d2(text));
  } catch (error) {
    found.push({ error: String(error.message ?? error) });
  }
}
console.log(JSON.stringify(found));
process.exit(0);

async function mermaid(text) {
  const { default: library } = await module("mermaid/dist/mermaid.core.mjs");
  library.initialize({ startOnLoad: false });
  const { db } = await library.mermaidAPI.getDiagramFromText(text);
  return {
    labels: [...db.getVertices().values()].map((vertex) => vertex.text),
    groups: db.getSubGraphs().map((group) => group.title),
    edges: db.getEdges().length,
  };
}

async function d2(text) {
  const { D2 } = await module("@terrastruct/d2/dist/node-esm/index.js");
  globalThis.d2 ??= new D2();
  const { diagram } = await globalThis.d2.compile(text);
  return { labels: diagram.shapes.map((shape) => shape.label), edges: diagram.connections.length };
}

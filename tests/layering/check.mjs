// Checks that every #include follows layers.txt: dependencies point one way, and pure layers include and call nothing impure.
// usage: node check.mjs [project root]      exit 0: all follow; 1: violations, one a line
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '../..'));

// Calls that mean the same without a header of their own.
const IMPURE_CALL = /\b(?:system|steady)_clock::now\b|\bgetenv\b|\bfopen\b/;
// How a project include begins: it must lie in a layer.
const OF_PROJECT = /^(?:crossline|tools)\//;
const GENERATED = /\.pb\.h$/;
// Headers that mean a socket, file, clock, thread, random source or database.
const IMPURE = [
  /^boost\/asio/, /^boost\/beast/, /^sqlite3\.h$/, /^libpq/, /^sys\//, /^unistd\.h$/, /^fcntl\.h$/, /^netinet\//, /^poll\.h$/,
  /^fstream$/, /^filesystem$/, /^iostream$/, /^thread$/, /^mutex$/, /^shared_mutex$/, /^condition_variable$/, /^future$/, /^random$/,
  /^ctime$/, /^time\.h$/, /^date\//, /^google\/protobuf/, /^toml\+\+/, /^openssl\//, /^spdlog\//,
];
// What each pure layer may still include, outside its public headers: the one library it exists to wrap.
const ALLOWED = {
  crypto: [/^openssl\//, /^ctime$/], wire: [/^google\/protobuf/], procedure: [/^toml\+\+/], adoption: [/^toml\+\+/], enrolment: [/^toml\+\+/],
};

function readLayers() {
  const layers = new Map();
  const pure = new Set();
  for (const line of readFileSync(join(root, 'tests/layering/layers.txt'), 'utf8').split('\n')) {
    const words = line.trim().split(/\s+/);
    if (!words[0] || words[0].startsWith('#')) continue;
    if (words[0] === 'pure') words.slice(1).forEach((name) => pure.add(name));
    else layers.set(words[0], { folder: words[1] + '/', may: new Set([words[0], ...words.slice(2)]) });
  }
  return { layers, pure };
}

function* sources(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* sources(path);
    else if (/\.(hpp|cpp|h)$/.test(name)) yield path;
  }
}

const { layers, pure } = readLayers();
const layerOf = (path) => [...layers].find(([, layer]) => path.startsWith(layer.folder))?.[0];
const files = [...layers.values()].flatMap((layer) => {
  try { return [...sources(join(root, layer.folder))]; } catch { return []; }
}).map((path) => relative(root, path));
const byName = new Map();
for (const path of files) byName.set(basename(path), [...(byName.get(basename(path)) ?? []), path]);

const violations = [];
for (const [name, { may }] of layers)
  for (const other of may) if (!layers.has(other)) violations.push(`tests/layering/layers.txt: ${name} may include ${other}, which is no layer`);
for (const name of pure) if (!layers.has(name)) violations.push(`tests/layering/layers.txt: pure names ${name}, which is no layer`);
let includes = 0;
for (const file of files) {
  const layer = layerOf(file);
  readFileSync(join(root, file), 'utf8').split('\n').forEach((line, index) => {
    const where = `${file}:${index + 1}`;
    const code = line.replace(/\/\/.*$/, '');
    if (pure.has(layer) && IMPURE_CALL.test(code)) violations.push(`${where}: the pure layer ${layer} must not call ${IMPURE_CALL.exec(code)[0]}`);
    const included = /^\s*#\s*include\s*[<"]([^>"]+)[>"]/.exec(line)?.[1];
    if (!included) return;
    includes += 1;
    // Two layers may each have a log.hpp: a file means its own.
    const targets = (byName.get(basename(included)) ?? []).filter((path) => path === included || path.endsWith('/' + included));
    const target = targets.find((path) => layerOf(path) === layer) ?? targets[0];
    if (target) {
      const other = layerOf(target);
      if (!layers.get(layer).may.has(other)) violations.push(`${where}: ${layer} must not include ${other} (${included})`);
    } else if (OF_PROJECT.test(included) && !GENERATED.test(included)) {
      violations.push(`${where}: ${included} lies in no layer`);
    } else if (pure.has(layer) && IMPURE.some((pattern) => pattern.test(included))) {
      const inside = !file.includes('/include/');
      if (!(inside && (ALLOWED[layer] ?? []).some((pattern) => pattern.test(included)))) {
        violations.push(`${where}: the pure layer ${layer} must not include <${included}>`);
      }
    }
  });
}
if (files.length === 0 || includes === 0) violations.push(`no sources found below ${root}`);
violations.forEach((violation) => console.error(violation));
console.log(`${files.length} files, ${includes} includes, ${violations.length} violations`);
process.exit(violations.length === 0 ? 0 : 1);

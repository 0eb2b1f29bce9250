// Editions that a test writes, seals and signs with the programs that the parties have.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute, root } from './programs.mjs';

const SIGNERS = ['A-1', 'A-2', 'B-1', 'B-2', 'G-1'];  // enough of each party, as `crossline setup` made them
const local = (ms) => new Date(ms).toISOString().slice(0, 19);

async function ok(...args) {
  const { code, stdout, stderr } = await execute('crossline', ['procedure', ...args]);
  assert.equal(code, 0, stderr);
  return stdout;
}

// The demo's procedure in force in [from, until), milliseconds of whole seconds; its clock is UTC. Returns the TOML file.
export function writeEdition(dir, { number = 1, supersedes = null, from, until, articles = '' }) {
  const period = `in_force  = { from = ${local(from)}, until = ${local(until)}, clock = "Etc/UTC" }`;
  const text = readFileSync(join(root, 'procedures/demo.toml'), 'utf8')
    .replace(/^edition .*$/m, `edition   = ${number}${supersedes ? `\nsupersedes = "sha256:${supersedes}"` : ''}`)
    .replace(/^in_force .*$/m, period).replace(/^\[\[case\]\][\s\S]*$/m, '') + articles;
  const file = join(dir, `edition-${number}.toml`);
  writeFileSync(file, text);
  return file;
}

// Seals it; returns { file, hash }.
export async function seal(toml) {
  const file = toml.replace(/\.toml$/, '.json');
  await ok('seal', toml, '-o', file);
  return { file, hash: createHash('sha256').update(readFileSync(file)).digest('hex') };
}

// One envelope with the signatures of these keys of `folder`.
export async function sign(sealed, folder, { by = SIGNERS, name = 'signed' } = {}) {
  let file = sealed;
  const output = sealed.replace(/\.json$/, `.${name}.json`);
  for (const key of by) {
    await ok('sign', file, '--key', join(folder, `${key}.key`), '-o', output);
    file = output;
  }
  return output;
}

// Keys of three parties that somebody made up, with their key set; returns the folder.
export async function makeKeys(folder, procedure) {
  const keys = { A: [], B: [], G: [] };
  for (const name of SIGNERS) keys[name[0]].push(JSON.parse(await ok('keygen', '--key', join(folder, `${name}.key`), '--json')).public_key);
  const lists = Object.entries(keys).map(([party, list]) => `${party} = [${list.map((key) => `"${key}"`).join(', ')}]`).join('\n');
  writeFileSync(join(folder, 'keys.toml'), `procedure = "${procedure}"\nsign = { A = 2, B = 2, G = 1 }\n[keys]\n${lists}\n`);
  return folder;
}

// `crossline procedure submit` as this account; resolves with { code, stdout, stderr }.
export function submit(line, envelope, account) {
  return execute('crossline', ['procedure', 'submit', envelope, '--server', line.server.url, '--ca', line.server.caFile, '--user', account.name, '--json'], { input: `${account.password}\n` });
}

// The programs under test, run as a person or a service manager runs them: arguments, standard input, exit code.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLine, setUpLine, Line } from '../../../scripts/lib/line.mjs';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const bin = resolve(root, process.env.CROSSLINE_BIN ?? 'build/release/bin');

const COMMAND_LIMIT_MS = 60_000;

// Runs one program to its end, ours from the build and others from the PATH; resolves with { code, signal, stdout, stderr }, whatever the exit code.
// `group`: it starts programs of its own, which go with it when it takes longer than `limitMs`.
export function execute(program, args, { input = '', cwd, env, limitMs = COMMAND_LIMIT_MS, group = false } = {}) {
  return new Promise((done, failed) => {
    const child = spawn(program.startsWith('crossline') ? join(bin, program) : program, args, { cwd, env: env ? { ...process.env, ...env } : process.env, detached: group });
    const out = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr']) child[stream].setEncoding('utf8').on('data', (text) => { out[stream] += text; });
    const timer = setTimeout(() => { process.kill(group ? -child.pid : child.pid, 'SIGKILL'); failed(new Error(`${program} ${args.join(' ')} did not end in ${limitMs} ms: ${out.stderr}`)); }, limitMs);
    child.on('error', (error) => { clearTimeout(timer); failed(error); });
    child.on('close', (code, signal) => { clearTimeout(timer); done({ code, signal, ...out }); });
    child.stdin.on('error', () => {});  // a program that has ended before it read everything
    child.stdin.end(input);
  });
}

// What has to be ended with a test, the last first: programs before the folder that they work in. (`t.after` runs the first first.)
const endings = new WeakMap();
export function atEnd(t, end) {
  if (!endings.has(t)) {
    endings.set(t, []);
    t.after(async () => { for (const one of endings.get(t).reverse()) await one(); });
  }
  endings.get(t).push(end);
}

// A folder that goes away with the test, unless CROSSLINE_KEEP is set: logs and stores are then there to look at.
export function scratch(t) {
  const dir = mkdtempSync(join(tmpdir(), 'crossline-it-'));
  if (!process.env.CROSSLINE_KEEP) atEnd(t, () => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const lineOptions = (t, options) => ({ bin, dir: join(scratch(t), 'line'), checkpoints: ['bridge'], ...options });

// A running line of one checkpoint, ended with the test.
export async function runningLine(t, options = {}) {
  const line = await startLine(lineOptions(t, options));
  atEnd(t, () => line.stop());
  return line;
}

// The same with nothing started yet; what the test starts is ended with it.
export async function quietLine(t, options = {}) {
  const { bin: programs, dir, ...rest } = lineOptions(t, options);
  const line = new Line(programs, dir, await setUpLine({ bin: programs, dir, ...rest }));
  atEnd(t, () => line.stop());
  return line;
}

// Recomputes everything in the server's ledger; resolves with what `crossline ledger verify --json` says.
export async function verifyLedger(line) {
  const { code, stdout, stderr } = await execute('crossline', ['ledger', 'verify', line.server.ledger, '--registry', line.registry, '--procedure-keys', join(line.dir, 'procedure-keys.toml'), '--json'], { limitMs: 120_000 });
  if (code !== 0) throw new Error(`ledger verify ended with ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout);
}

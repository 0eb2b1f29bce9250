// Measures the whole as it is run: a real server and real agents under signed load, generator included, on one machine.
// Prints a table of what is asked for and what was measured; the disk's own sync is measured in the same minute.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Office, Station } from '../scripts/lib/clients.mjs';
import { Line, setUpLine } from '../scripts/lib/line.mjs';
import { EXIT_FAILED, countOf, namesOf, readOptions, refuse, requirePrograms } from '../scripts/lib/options.mjs';
import { heading, table } from '../scripts/lib/print.mjs';
import { run, until } from '../scripts/lib/processes.mjs';
import { tilesBesideNginx } from './tiles.mjs';
import { passport } from '../tests/browser/support/documents.mjs';

const STEPS = { backlog, live, half, connections, desk, wire, page, tiles, settle };
const PROGRAMS_BESIDE = { half: ['bench_disk'] };  // what a step starts besides the three programs

const USAGE = `
usage: node bench/whole.mjs [--bin DIR] [--events N] [--only STEP,STEP] [--json FILE]
  --bin      where the programs are (default build/release/bin; \`make bench\` builds them)
  --events   movements of the backlog run (default 400000)
  --only     of: ${Object.keys(STEPS).join(', ')}
  --json     also write the figures there
Exit codes: 0 measured, reached or not; 1 a step could not be measured; 2 wrong usage, or the programs are not built.`;

const { values: options } = readOptions(USAGE, {
  bin: { type: 'string', default: 'build/release/bin' }, events: { type: 'string', default: '400000' }, json: { type: 'string' }, only: { type: 'string' },
});
countOf('--events', options.events);
if (options.json && !existsSync(dirname(resolve(options.json)))) refuse(`--json ${options.json}: there is no such folder`);
const chosen = options.only ? namesOf('--only', options.only, Object.keys(STEPS)) : Object.keys(STEPS);
const bin = resolve(options.bin);
requirePrograms(bin, ['crossline', 'crossline-server', 'crossline-agent', ...chosen.flatMap((step) => PROGRAMS_BESIDE[step] ?? [])], '`make bench` builds them, --bin says where else they are');
const scratch = mkdtempSync(join(tmpdir(), 'crossline-bench-'));
const HALF_RATE = 1_500;
const SCANS = 200;
const PAGE_SCANS = 60;
const WIRE_SCANS = 100;
const CONNECTIONS = 1_000;
const TILE_EVENTS = 250_000;
const SETTLED = 40;
const rows = [];
const figures = {};
const report = (what, asked, measured, ok, extra = '') => rows.push([what, asked, measured, ok ? 'yes' : 'NO', extra]);
const show = (value, digits = 0) => value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))];

const HERTZ = 100;  // of /proc/PID/stat, on every Linux of Debian
const cpuSeconds = (pid) => { const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' '); return (Number(fields[11]) + Number(fields[12])) / HERTZ; };
const residentKib = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

async function disk() { return JSON.parse((await run(join(bin, 'bench_disk'), [scratch, '--json'])).stdout); }

async function withServer(name, extraAgents, step) {
  const dir = join(scratch, name);
  const line = new Line(bin, dir, await setUpLine({ bin, dir, checkpoints: ['bridge'], extraAgents }));
  await line.startServer();
  try { return await step(line); } finally { await line.stop(); }
}
const serverPid = (line) => line.programs[0].child.pid;

// `crossline load` against the server; also the server's CPU-seconds meanwhile and the most memory it held.
async function load(line, args) {
  const pid = serverPid(line);
  const before = cpuSeconds(pid);
  let most = residentKib(pid);
  const watch = setInterval(() => { most = Math.max(most, residentKib(pid)); }, 50);
  try {
    const { stdout } = await run(join(bin, 'crossline'), ['load', '--pki', join(line.dir, 'pki'), '--server', `127.0.0.1:${line.server.agentsPort}`, '--quiet', '--json', ...args.map(String)]);
    return { ...JSON.parse(stdout), server_cpu_seconds: cpuSeconds(pid) - before, server_most_kib: most };
  } finally { clearInterval(watch); }
}

async function backlog() {
  await withServer('backlog', 20, async (line) => {
    const one = await load(line, ['--count', 20, '--events', options.events, '--batch', 1000]);
    figures.backlog = one;
    report('backlog, 1,000 events a submission, 20 agents', '60,000 events/s', `${show(one.events_per_second)} events/s`, one.events_per_second >= 60_000,
      `server ${show(one.server_cpu_seconds / one.events * 1e6, 1)} CPU-us an event, generator ${show(one.client_cpu_seconds / one.events * 1e6, 1)}`);
  });
}

async function live() {
  await withServer('live', 64, async (line) => {
    const one = await load(line, ['--count', 64, '--events', 30_000, '--batch', 1, '--window', 1]);
    figures.live = one;
    report('live, one event a submission, 64 connections', '3,000 events/s', `${show(one.events_per_second)} events/s`, one.events_per_second >= 3_000,
      `p50 ${show(one.answer_ms.p50, 1)} ms, p99 ${show(one.answer_ms.p99, 1)} ms; server ${show(one.server_cpu_seconds / one.events * 1e6)} CPU-us an event`);
    report('bytes up the wire per live event, TLS included', '600', show(one.bytes_up / one.events), one.bytes_up / one.events <= 600);
  });
}

// A line of its own: the generator's journals begin anew, which a server that knows them takes for a rollback.
async function half() {
  const before = await disk();
  await withServer('half', 64, async (line) => {
    const half = await load(line, ['--count', 64, '--events', HALF_RATE * 10, '--batch', 1, '--rate', HALF_RATE]);
    const after = await disk();
    const keys = after.sign_ms + after.verify_ms;
    const beside = (which) => half.answer_ms.p99 / (Math.max(before[which].p99, after[which].p99) + keys);
    const [alone, paced] = [beside('fdatasync_ms'), beside('paced_ms')];
    figures.half = { ...half, disk: { before, after } };
    report(`live at half the rate (${show(HALF_RATE)}/s), p99 of the answer`, '2.00 x the disk', `${show(alone, 2)} x`, alone <= 2,
      `p50 ${show(half.answer_ms.p50, 2)} ms, p99 ${show(half.answer_ms.p99, 2)} ms; syncs one after another p99 ${show(before.fdatasync_ms.p99, 2)} before, ${show(after.fdatasync_ms.p99, 2)} ms after; sign + verify ${show(keys, 2)} ms; server ${show(half.server_cpu_seconds / half.events * 1e6)} CPU-us an event`);
    // What the disk alone gives whoever comes at this rate, with no server before it.
    report('the same beside a bare file to which records come at that rate', '-', `${show(paced, 2)} x`, true,
      `each record until the sync that covers it: p99 ${show(before.paced_ms.p99, 2)} before, ${show(after.paced_ms.p99, 2)} ms after`);
  });
}

async function connections() {
  await withServer('connections', CONNECTIONS, async (line) => {
    const idle = residentKib(serverPid(line));
    const one = await load(line, ['--count', CONNECTIONS, '--events', 2 * CONNECTIONS, '--batch', 1, '--rate', 400]);
    const each = (one.server_most_kib - idle) / CONNECTIONS;
    figures.connections = { idle_kib: idle, most_kib: one.server_most_kib };
    report(`server with ${show(CONNECTIONS)} connected agents, resident per connection`, '100 KB', `${show(each)} KB`, each <= 100, `${show(idle / 1024, 1)} MiB without, ${show(one.server_most_kib / 1024, 1)} MiB at most`);
  });
}

async function desk() {
  const dir = join(scratch, 'desk');
  const { stdout } = await run(join(bin, 'crossline'), ['travellers', '--count', String(3 * SCANS), '--seed', '7', '--checkpoints', '1'], { maxBuffer: 64 << 20 });
  const documents = stdout.trim().split('\n').map((text) => JSON.parse(text).documents).filter((all) => all.length === 1);
  const line = new Line(bin, dir, await setUpLine({ bin, dir, checkpoints: ['bridge'] }));
  await line.startServer();
  const post = line.post('bridge', 'A');
  await line.startAgent(post.agent);
  try {
    const agentPid = line.programs[1].child.pid;
    const station = new Station(post.url);
    const rest = residentKib(agentPid);
    report('agent at rest, resident', '25 MB', `${show(rest / 1024, 1)} MiB`, rest <= 25 * 1024);
    await station.startShift(line.officer.id, line.officer.pin, 'exit');
    const scan = async (count) => {
      const times = [];
      for (; count > 0; count -= 1) {
        const start = performance.now();
        await station.serve(documents.shift());
        times.push(performance.now() - start);
      }
      return times;
    };
    const up = await scan(SCANS);
    await line.killServer();
    const down = await scan(SCANS);
    station.close();
    figures.desk = { up: [quantile(up, 0.5), quantile(up, 0.99)], down: [quantile(down, 0.5), quantile(down, 0.99)], rest_kib: rest };
    report('scan, verdict, confirmed and recorded over the station HTTP, server up', '-', `p99 ${show(quantile(up, 0.99), 1)} ms`, true, `p50 ${show(quantile(up, 0.5), 1)} ms`);
    report('the same, server down', '-', `p99 ${show(quantile(down, 0.99), 1)} ms`, true, `p50 ${show(quantile(down, 0.5), 1)} ms`);
  } finally { await line.stop(); }
}

// A relay before the agents' port that counts what passes in each direction, TLS included and TCP's own headers not.
async function counted(port) {
  const count = { up: 0, down: 0 };
  const sockets = new Set();
  const relay = net.createServer((near) => {
    const far = net.connect(port, '127.0.0.1');
    for (const [from, to, direction] of [[near, far, 'up'], [far, near, 'down']]) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (bytes) => { count[direction] += bytes.length; });
      from.on('error', () => to.destroy());
      from.on('close', () => { sockets.delete(from); to.destroy(); });
      from.pipe(to);
    }
  });
  await new Promise((listening) => relay.listen(0, '127.0.0.1', listening));
  return { count, port: relay.address().port, close() { relay.close(); for (const socket of sockets) socket.destroy(); } };
}

// What one live scan costs on the link of a post: its question, its answer, the signed event with the identity, the acknowledgement,
// and the replica's news of the same person. Each person comes for the first time, so that each sends an identity.
async function wire() {
  const dir = join(scratch, 'wire');
  const line = new Line(bin, dir, await setUpLine({ bin, dir, checkpoints: ['bridge'] }));
  await line.startServer();
  const relay = await counted(line.server.agentsPort);
  const post = line.post('bridge', 'A');
  const config = readFileSync(post.config, 'utf8');
  const through = config.replace(`address = "127.0.0.1:${line.server.agentsPort}"`, `address = "127.0.0.1:${relay.port}"`);
  if (through === config) throw new Error(`${post.config} does not name the server as was expected`);
  writeFileSync(post.config, through);
  try {
    await line.startAgent(post.agent);
    const station = new Station(post.url);
    await station.startShift(line.officer.id, line.officer.pin, 'exit');
    const serve = async (number) => {
      const result = await station.serve([{ text: passport({ number: `W${String(number).padStart(7, '0')}`, secondary: 'POLARIS' }), category: 'resident_a' }]);
      if (result.decided !== 'online' || result.outcome !== 'passed') throw new Error(`scan ${number} of the wire: ${result.decided}, ${result.outcome}`);
    };
    const recorded = () => until('everything to be acknowledged', async () => (await station.state()).queue.count === 0, { programs: line.programs });
    await serve(0);
    await recorded();
    const before = { ...relay.count };
    for (let i = 1; i <= WIRE_SCANS; i += 1) await serve(i);
    await recorded();
    station.close();
    const [up, down] = ['up', 'down'].map((direction) => (relay.count[direction] - before[direction]) / WIRE_SCANS);
    figures.wire = { scans: WIRE_SCANS, up, down };
    report('bytes on the link of a post per live scan, question and identity included, TLS too', '-', `${show(up)} up`, true, `${show(down)} down; ${WIRE_SCANS} scans, each of somebody new`);
  } finally {
    await line.stop();
    relay.close();
  }
}

// The same as the officer sees it. Adults with whole documents, so that each verdict is an `allow`, confirmed by one key.
async function page() {
  const { pageLatency } = await import('./page_latency.mjs');  // needs the console's packages, which the other steps do not
  const dir = join(scratch, 'page');
  const line = new Line(bin, dir, await setUpLine({ bin, dir, checkpoints: ['bridge'] }));
  await line.startServer();
  const post = line.post('bridge', 'A');
  await line.startAgent(post.agent);
  try {
    const documents = Array.from({ length: 2 * PAGE_SCANS }, (_, i) => passport({ number: `L${String(i).padStart(7, '0')}`, secondary: 'POLARIS' }));
    const { before: up, after: down } = await pageLatency({ post, officer: line.officer, documents, split: PAGE_SCANS, between: () => line.killServer() });
    figures.page = { up: [quantile(up, 0.5), quantile(up, 0.99)], down: [quantile(down, 0.5), quantile(down, 0.99)] };
    report('last key of a scan to the verdict on the page, server up', 'p99 100 ms', `p99 ${show(quantile(up, 0.99), 1)} ms`, quantile(up, 0.99) <= 100, `p50 ${show(quantile(up, 0.5), 1)} ms`);
    report('the same, server down', 'p99 60 ms', `p99 ${show(quantile(down, 0.99), 1)} ms`, quantile(down, 0.99) <= 60, `p50 ${show(quantile(down, 0.5), 1)} ms`);
  } finally { await line.stop(); }
}

async function signedIn(line, role) {
  const office = new Office(line.server.url, line.server.ca);
  const account = line.account(role);
  await office.signIn(account.name, account.password);
  return office;
}

async function tiles() {
  await withServer('tiles', 20, async (line) => {
    await load(line, ['--count', 20, '--events', TILE_EVENTS, '--batch', 1000]);
    const office = await signedIn(line, 'supervisor');
    const size = await until('the tiles', async () => {
      const { newest } = await office.call('GET', '/ledger');
      return newest?.head.size >= TILE_EVENTS ? newest.head.size : 0;
    }, { limitMs: 60_000 });
    office.close();
    const one = await tilesBesideNginx(line, size);
    figures.tiles = one;
    report(`hash tiles of 8 KiB over TLS, ${show(one.tiles)} of them, beside nginx`, '80 % of nginx', `${show(100 * one.ratio)} %`, one.ratio >= 0.8, `${show(one.ours)}/s, nginx ${show(one.nginx)}/s, generator included`);
  });
}

// From the answer to an act, which is when it is committed, to the head that covers it and that both sides have cosigned.
async function settle() {
  await withServer('settle', 0, async (line) => {
    await Promise.all(line.witnesses.map(({ party }) => line.startWitness(party)));
    const [supervisor, auditor] = [await signedIn(line, 'supervisor'), await signedIn(line, 'auditor')];
    const settledSize = async () => (await auditor.call('GET', '/ledger')).settled?.head.size ?? 0;
    const times = [];
    for (let i = 0; i < SETTLED; i += 1) {
      await supervisor.call('POST', '/lookups', { subject: String(i % 10).repeat(32), purpose: 'other', case_number: `S-${i}` });
      const committed = performance.now();
      const { as_of: { tree_head: { size } } } = await supervisor.call('GET', '/overview');
      await until(`size ${size} to settle`, async () => (await settledSize()) >= size, { everyMs: 5 });
      if (i > 0) times.push(performance.now() - committed);  // the first finds the witnesses
    }
    supervisor.close();
    auditor.close();
    figures.settle = { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
    report('from a commit to the head that both witnesses have cosigned', '2 s', `p99 ${show(quantile(times, 0.99))} ms`, quantile(times, 0.99) <= 2_000, `p50 ${show(quantile(times, 0.5))} ms, ${SETTLED - 1} acts one after another`);
  });
}

let status = 0;
try {
  for (const what of Object.keys(STEPS).filter((name) => chosen.includes(name))) {
    console.error(`measuring: ${what}`);
    try {
      await STEPS[what]();
    } catch (error) {
      console.error(`whole: ${what}: ${error.message}`);
      status = EXIT_FAILED;
    }
  }
  heading('The whole');
  table(['what', 'asked for', 'measured', 'reached', 'beside it'], rows);
  if (options.json) writeFileSync(options.json, `${JSON.stringify(figures, null, 1)}\n`);
} finally { rmSync(scratch, { recursive: true, force: true }); }
process.exitCode = status;

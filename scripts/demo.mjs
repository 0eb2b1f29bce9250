// A whole line on this machine: a server, four agents, a witness of each side, side B's auditor, 300 generated travellers over the
// real protocol.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Office, Station } from './lib/clients.mjs';
import { startLine } from './lib/line.mjs';
import { EXIT_FAILED, countOf, readOptions, refuse, requirePrograms } from './lib/options.mjs';
import { Program, run, until } from './lib/processes.mjs';
import { Recount } from './lib/recount.mjs';
import { bar, heading, table } from './lib/print.mjs';

const USAGE = `
usage: node scripts/demo.mjs [--once] [--travellers N] [--dir DIR]
  --once         check everything (ledger verifies, statuses equal a recount, every scan answered) and end
  --travellers   how many people come (default 300)
  --dir          where the line is made (default build/demo); what an earlier run left there is removed, anything else is not touched
CROSSLINE_BIN says where the programs are (default build/release/bin).
Exit codes: 0 ended by Ctrl-C, or all checks passed; 1 something failed, stderr says what; 2 wrong usage, or the programs are not built.`;
const MOST_TRAVELLERS = 100_000;

const { values: options } = readOptions(USAGE, {
  once: { type: 'boolean', default: false },
  travellers: { type: 'string', default: '300' },
  dir: { type: 'string', default: 'build/demo' },
});
countOf('--travellers', options.travellers, { max: MOST_TRAVELLERS });
const bin = resolve(process.env.CROSSLINE_BIN ?? 'build/release/bin');
const dir = resolve(options.dir);
const failures = [];
const check = (what, ok, detail = '') => { if (!ok) failures.push(detail ? `${what}: ${detail}` : what); };

// Waits until the witnesses of both sides have cosigned a head that covers what was shown.
async function settle(line, size) {
  const office = new Office(line.server.url, line.server.ca);
  const account = line.accounts.find((one) => one.role === 'auditor');
  await office.signIn(account.name, account.password);
  try {
    return await until('both witnesses to cosign', async () => {
      const { settled } = await office.call('GET', '/ledger');
      return settled && settled.head.size >= size ? settled : null;
    }, { limitMs: 10_000, programs: line.programs });
  } finally { office.close(); }
}

// Two travellers who crossed are put on side A's hold list, and try again.
const HELD = 2;

async function generate(checkpoints) {
  const { stdout } = await run(join(bin, 'crossline'), ['travellers', '--count', options.travellers, '--seed', '1', '--checkpoints', String(checkpoints)], { maxBuffer: 64 << 20 });
  return stdout.trim().split('\n').map((line) => JSON.parse(line));
}

// Serves every step of every traveller: one desk serves one person at a time, all desks at once.
async function drive(line, travellers) {
  const desks = new Map();
  for (const agent of line.agents) {
    const station = new Station(agent.url);
    await station.startShift(line.officer.id, line.officer.pin, agent.side === 'A' ? 'exit' : 'entry');
    desks.set(`${agent.checkpoint}/${agent.side}`, { agent, station, direction: agent.side === 'A' ? 'exit' : 'entry', turn: Promise.resolve() });
  }
  const checkpoints = [...new Set(line.agents.map((agent) => agent.checkpoint))];
  const recount = new Recount();
  let scans = 0;
  const show = bar(travellers.reduce((sum, traveller) => sum + traveller.steps.length, 0), 'visits to a desk');

  const visit = (desk, direction, documents) => {
    const turn = desk.turn.then(async () => {
      if (desk.direction !== direction) { await desk.station.turn(direction); desk.direction = direction; }
      return desk.station.serve(documents);
    });
    desk.turn = turn.catch(() => {});
    return turn;
  };
  const serve = async (traveller) => {
    const checkpoint = checkpoints[traveller.checkpoint % checkpoints.length];
    let stopped = false;
    for (const step of traveller.steps) {
      if (!stopped) {
        const desk = desks.get(`${checkpoint}/${step.side}`);
        const result = await visit(desk, step.direction, traveller.documents);
        scans += traveller.documents.length;
        recount.add({ traveller, checkpoint, side: step.side, direction: step.direction, result });
        stopped = (result.members ?? [result]).some((one) => one.outcome !== 'passed');
      }
      show();
    }
  };
  // A bounded crowd at a time, so that the queue at each desk stays short.
  const queue = [...travellers];
  await Promise.all(Array.from({ length: 16 }, async () => { while (queue.length > 0) await serve(queue.shift()); }));
  return { desks, recount, scans, visit, checkpoints };
}

// Side A's supervisor puts two people on the hold list; both come back to the desk and are referred.
async function hold(line, driven, travellers) {
  const supervisor = new Office(line.server.url, line.server.ca);
  const account = line.accounts.find((one) => one.role === 'supervisor' && one.party === 'A');
  await supervisor.signIn(account.name, account.password);
  const crossed = travellers.filter((traveller) => traveller.kind === 'resident' && driven.recount.whereIs(traveller) === 'side_b').slice(0, HELD);
  for (const traveller of crossed) {
    const found = await supervisor.call('POST', '/lookups', { scan: traveller.documents[0].text, purpose: 'list_review', case_number: 'DEMO-1' });
    await supervisor.call('POST', '/lists/hold/entries', { subject: found.subject, reason: 'DEMO-1' });
  }
  supervisor.close();
  await new Promise((done) => setTimeout(done, 300));  // for the replica of each post; the server knows at once
  for (const traveller of crossed) {
    const checkpoint = driven.checkpoints[traveller.checkpoint % driven.checkpoints.length];
    const result = await driven.visit(driven.desks.get(`${checkpoint}/B`), 'exit', traveller.documents);
    driven.recount.add({ traveller, checkpoint, side: 'B', direction: 'exit', result });
    driven.scans += 1;
    check('a person on the hold list is referred', result.verdict === 'refer', `verdict ${result.verdict}`);
  }
}

async function report(line, driven) {
  const office = new Office(line.server.url, line.server.ca);
  const account = line.accounts.find((one) => one.role === 'supervisor' && one.party === 'A');
  await office.signIn(account.name, account.password);
  const overview = await office.call('GET', '/overview');
  const { persons: between } = await office.call('GET', '/between');
  const today = overview.now.slice(0, 10);
  const day = (offset) => new Date(Date.parse(today) + offset * 86_400_000).toISOString().slice(0, 10);
  const statistics = await office.call('GET', `/statistics?from=${day(-1)}&to=${day(1)}&group_by=day`);
  office.close();

  heading('What happened');
  table(['verdict', 'times'], driven.recount.byVerdict());
  heading('By article (a verdict may cite several)');
  table(['verdict', 'article', 'times'], driven.recount.byArticle());
  heading('Where everybody is');
  table(['status', 'people'], Object.entries(overview.status_counts));
  heading('Between the posts');
  if (between.length === 0) console.log('  nobody');
  else table(['came from', 'checkpoint', 'for'], between.map((one) => [one.came_from, one.checkpoint, `${Math.round(one.age_ms / 1000)} s`]));
  heading('Ledger');
  table(['', ''], [['entries', overview.as_of.tree_head.size], ['tree head', overview.as_of.tree_head.root], ['scans answered', driven.scans]]);
  return { overview, statistics, between };
}

function verify(driven, seen) {
  const expected = driven.recount.counts();
  for (const status of ['side_a', 'side_b', 'between', 'disputed']) {
    check(`people who are ${status}`, seen.overview.status_counts[status] === (expected[status] ?? 0), `server ${seen.overview.status_counts[status]}, recount ${expected[status] ?? 0}`);
  }
  check('every scan answered', driven.recount.unanswered === 0, `${driven.recount.unanswered} without a verdict`);
  const total = (side, direction) => seen.statistics.totals[side][direction === 'exit' ? 'exits' : 'entries'];
  for (const side of ['A', 'B']) {
    for (const direction of ['exit', 'entry']) {
      check(`statistics: ${direction} at ${side}`, total(side, direction) === driven.recount.passed(side, direction), `server ${total(side, direction)}, recount ${driven.recount.passed(side, direction)}`);
    }
  }
}

// Side B's auditor, on what would be its own machine: a certificate of its own party, a copy that it fetches and keeps, a report for
// each new head and whenever one settles. `command` is what it does once, to be copied.
async function startAuditor(line) {
  const crossline = join(bin, 'crossline');
  const pki = join(line.dir, 'pki');
  await run(crossline, ['pki', 'auditor', '--dir', pki, '--name', 'audit-b', '--party', 'B']);
  const options = (mirror) => ['audit', '--mirror', join(line.dir, mirror), '--server', line.server.url, '--auditor', join(pki, 'auditors/audit-b'),
    '--registry', line.registry, '--procedure-keys', join(line.dir, 'procedure-keys.toml'), '--policy', join(line.dir, 'server/witnesses.policy')];
  const program = new Program('the auditor of B', crossline, [...options('mirror-b'), '--follow', '--json'], line.log('auditor-b'));
  return { program, command: [crossline, ...options('mirror-of-mine')].join(' ') };
}

function lastReport(auditor) {
  const reports = readFileSync(auditor.program.log, 'utf8').split('\n').slice(0, -1).filter((text) => text.startsWith('{'));
  return reports.length > 0 ? JSON.parse(reports.at(-1)) : null;
}

// What the auditor has found once it has come as far as what was shown, and that has settled by its own policy.
async function audited(auditor, seen) {
  const { size } = seen.overview.as_of.tree_head;
  const report = await until('the auditor of B to be as far as what was shown', () => {
    const last = lastReport(auditor);
    const isThere = last?.size >= size && last.settled >= size;
    return isThere || last?.clean === false || auditor.program.ended !== null ? (last ?? { clean: false, ended: auditor.program.ended, log: auditor.program.log }) : null;
  }).catch((error) => ({ clean: false, error: error.message, log: auditor.program.log }));
  check('the audit is clean', report.clean === true, JSON.stringify(report));
  if (!report.clean) return;
  check('the audited ledger is the one shown', report.size >= size);
  check('what was shown is settled by the auditor\'s own policy', report.settled >= size);
  check('the edition is signed by all parties', report.editions === 1 && report.unverified_editions === 0, JSON.stringify(report));
  table(['', ''], [['audited by B', `${report.size} entries, ${report.journals} journals, ${report.signatures} signatures, ${report.verdicts} verdicts decided again: clean`]]);
}

const stopping = new Promise((resolve) => { for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => resolve(signal)); });
if (existsSync(dir) && readdirSync(dir).length > 0 && !existsSync(join(dir, 'line.json'))) {
  refuse(`${dir} is not empty and no earlier demo is in it; name another folder with --dir`);
}
requirePrograms(bin, ['crossline', 'crossline-server', 'crossline-agent'], '`make build` builds them, CROSSLINE_BIN says where else they are');
rmSync(dir, { recursive: true, force: true });
mkdirSync(dir, { recursive: true });
let line = null;
let auditor = null;
let status = 0;
try {
  line = await startLine({ bin, dir });
  auditor = await startAuditor(line);
  const travellers = await generate(new Set(line.agents.map((agent) => agent.checkpoint)).size);
  const driven = await drive(line, travellers);
  await hold(line, driven, travellers);
  const seen = await report(line, driven);
  const settled = await settle(line, seen.overview.as_of.tree_head.size).catch((error) => { check('the ledger settles', false, error.message); return null; });
  if (settled) table(['', ''], [['settled', `${settled.head.size} entries`], ...settled.cosigners.map((one) => ['cosigned by', `${one.name} at ${one.at}`])]);
  await audited(auditor, seen);
  if (options.once) verify(driven, seen);
  for (const failure of failures) console.error(`FAILED  ${failure}`);
  if (options.once) {
    console.log(failures.length === 0 ? '\nEverything checked: the ledger verifies, statuses and figures equal a recount, every scan was answered.' : `\n${failures.length} checks failed.`);
    status = failures.length === 0 ? 0 : EXIT_FAILED;
  } else {
    heading('Look at it');
    table(['', ''], [['console', line.server.url], ...line.agents.map((agent) => [`station ${agent.checkpoint} ${agent.side}`, agent.url])]);
    console.log(`\n  The console's certificate is signed by the line's own authority: your browser will say so. Its root: ${line.server.caFile}`);
    heading('Sign in');
    table(['role', 'party', 'name', 'password'], line.accounts.map((one) => [one.role, one.party, one.name, one.password]));
    console.log(`\n  At a station: officer ${line.officer.id}, PIN ${line.officer.pin}`);
    heading('Trust nobody');
    table(['', ''], [['the auditor of B goes on', auditor.program.log], ...line.witnesses.map((one) => [`witness ${one.party}`, one.url])]);
    console.log(`\n  Audit it yourself, into a copy of your own:\n\n  ${auditor.command}\n\n  Ctrl-C ends it.`);
    await Promise.race([stopping, ...[...line.programs, auditor.program].map((program) => program.exit.then((ended) => { throw new Error(`${program.name} ended (${ended}); see ${program.log}`); }))]);
  }
} catch (error) {
  console.error(`\ndemo: ${error.message}`);
  status = EXIT_FAILED;
} finally {
  if (auditor) await auditor.program.stop();
  if (line) await line.stop();
}
process.exit(status);

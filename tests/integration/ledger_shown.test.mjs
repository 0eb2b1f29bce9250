// Real programs: a server that is started on an older or another copy of its ledger. Its posts have seen a newer head: they say
// so on their screens, keep both signed heads, tell the other party's witness, and say nothing more to that server.
import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Office, Station } from '../../scripts/lib/clients.mjs';
import { until } from '../../scripts/lib/processes.mjs';
import { passport } from './support/documents.mjs';
import { atEnd, execute, quietLine } from './support/programs.mjs';

async function lookUp(line, times) {
  const office = new Office(line.server.url, line.server.ca);
  const supervisor = line.account('supervisor', 'A');
  await office.signIn(supervisor.name, supervisor.password);
  for (let i = 0; i < times; i += 1) await office.call('POST', '/lookups', { subject: String(i % 10).repeat(32), purpose: 'other', case_number: `T-${i}` });
  office.close();
}

// A post that has seen a head, and the data folder of its server before that.
async function postThatHasSeenMore(t) {
  const line = await quietLine(t);
  const { agent, config, url } = line.post('bridge', 'A');
  const witnessB = line.witnesses.find((one) => one.party === 'B');  // whom setup wrote into the agent's configuration
  await line.startServer();
  await lookUp(line, 3);
  await line.stopServer();
  const data = dirname(line.server.ledger);
  const older = join(line.dir, 'older');
  cpSync(data, older, { recursive: true });
  await line.startServer();
  await line.startAgent(agent);
  const station = new Station(url);
  atEnd(t, () => station.close());
  await station.startShift(line.officer.id, line.officer.pin, 'exit');
  for (let i = 0; i < 3; i += 1) {
    const served = await station.serve([{ text: passport({ number: `SHN${String(i).padStart(6, '0')}` }), category: 'resident_a' }]);
    assert.equal(served.outcome, 'passed');
  }
  await until('everything to be acknowledged', async () => (await station.state()).queue.count === 0);
  await line.stopServer();
  cpSync(older, data, { recursive: true, force: true });
  const evidence = join(dirname(config), 'data/evidence');
  const alarmed = () => until('the alarm', async () => (await station.state()).alarms.find((one) => /^ledger_/.test(one.code)), { limitMs: 40_000 });
  return { line, agent, station, data, evidence, witnessB, alarmed };
}
const files = (folder) => (existsSync(folder) ? readdirSync(folder) : []);

test('a server on an older disk: the post refuses it, says so, and keeps both heads', async (t) => {
  const { line, station, evidence, alarmed } = await postThatHasSeenMore(t);
  await line.startServer();
  const alarm = await alarmed();
  assert.equal(alarm.code, 'ledger_shrank');
  assert.equal((await station.state()).connection.reason, 'untrusted_server');
  const kept = await until('the evidence', () => files(evidence).find((name) => name.endsWith('.misbehaviour')));
  const checked = await execute('crossline', ['proof', 'check', join(evidence, kept), '--registry', line.registry]);
  assert.match(checked.stdout, /OPEN {5}both heads are signed/, checked.stderr);
  const keyless = await execute('crossline', ['proof', 'check', join(evidence, kept)]);
  assert.equal(keyless.code, 2, keyless.stdout);
  assert.match(keyless.stderr, /name the line's --registry, or a --key/);
  // The desk goes on.
  const served = await station.serve([{ text: passport({ number: 'SHN999999' }), category: 'resident_a' }]);
  assert.deepEqual([served.outcome, served.decided], ['passed', 'offline']);
});

test('a server on another history: proven, and the other party hears of it', async (t) => {
  const { line, station, evidence, witnessB, alarmed } = await postThatHasSeenMore(t);
  // Witnesses are not asked at this start: nobody else remembers.
  await line.startServer();
  await lookUp(line, 40);
  const alarm = await alarmed();
  assert.ok(['ledger_forked', 'ledger_shrank'].includes(alarm.code));
  await until('a proof', () => files(evidence).some((name) => name.endsWith('.misbehaviour')));
  await line.startWitness('B');
  await until('the report', () => files(evidence).some((name) => name.endsWith('.reported')), { limitMs: 60_000 });
  const alarms = await execute('crossline', ['witness', 'alarms', '--config', witnessB.config]);
  assert.equal(alarms.code, 1);
  assert.match(alarms.stdout, /(proven|claimed): heads of \d+ and \d+ entries/);
  const report = async (body) => (await fetch(`${witnessB.url}/misbehaviour`, { method: 'POST', body })).status;
  const kept = readFileSync(join(evidence, files(evidence).find((name) => name.endsWith('.misbehaviour'))), 'utf8');
  assert.equal(await report(kept), 200, 'the same once more');
  assert.equal(await report('no report'), 400);
  assert.equal(await report(kept.replace(/^\d+$/m, (size) => `${Number(size) + 1}`)), 403, 'a head that nobody signed');
  assert.notEqual((await station.state()).connection.state, 'online');
  // The post meets the server again now that its ledger is longer than what the post has seen: of one size, the heads prove it.
  const proven = await until('a proof of two histories', async () => {
    for (const name of files(evidence).filter((one) => one.endsWith('.misbehaviour'))) {
      const checked = await execute('crossline', ['proof', 'check', join(evidence, name), '--registry', line.registry]);
      if (checked.code === 0) return checked.stdout;
    }
    return null;
  }, { limitMs: 60_000, everyMs: 500 });
  assert.match(proven, /PROVEN/);
});

// docs/operating-server.md, Backup: what both parties may agree on when there is no newer copy.
test('a server that was restored gets its posts back when they forget what they saw, and an audit says what happened', async (t) => {
  const { line, agent, station, evidence, alarmed } = await postThatHasSeenMore(t);
  await line.startServer();
  await alarmed();
  await until('the evidence', () => files(evidence).some((name) => name.endsWith('.misbehaviour')));
  await line.stopAgent(agent);
  const data = dirname(evidence);
  for (const name of files(data).filter((one) => one.startsWith('replica.db'))) rmSync(join(data, name));
  await line.startAgent(agent);
  const state = await until('everything to be sent again', async () => { const now = await station.state(); return now.connection.state === 'online' && now.queue.count === 0 ? now : null; });
  assert.deepEqual(state.alarms.filter((one) => /^ledger_/.test(one.code)), []);
  assert.ok(files(evidence).some((name) => name.endsWith('.misbehaviour')), 'the evidence stays');
  await line.stopAgent(agent);
  await line.stopServer();
  const audit = await execute('crossline', ['audit', '--store', line.server.ledger, '--registry', line.registry, '--json']);
  const { counts } = JSON.parse(audit.stdout);
  assert.deepEqual(Object.keys(counts), ['unknown_beacon'], audit.stdout);
});

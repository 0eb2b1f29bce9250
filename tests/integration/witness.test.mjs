// Real programs: a ledger and its witnesses. Heads settle when both sides have cosigned; a witness that lies, hangs,
// answers garbage or is gone holds up nobody; a witness that is killed at any moment forgets nothing that it answered;
// a disk that is older than what a witness remembers is refused.
import assert from 'node:assert/strict';
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { chmodSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Office, Station } from '../../scripts/lib/clients.mjs';
import { until } from '../../scripts/lib/processes.mjs';
import { passport } from './support/documents.mjs';
import { entries } from './support/ledger.mjs';
import { execute, quietLine, verifyLedger } from './support/programs.mjs';

const ANSWER_WAIT_MS = 1_000;  // of agent.toml: what a desk that heard nothing from the server waits

const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest();

async function ledgerOf(line) {
  const office = new Office(line.server.url, line.server.ca);
  const account = line.account('auditor');
  await office.signIn(account.name, account.password);
  return { get: () => office.call('GET', '/ledger'), overview: () => office.call('GET', '/overview'), close: () => office.close() };
}
const settledSize = async (ledger, size) => until(`size ${size} to settle`, async () => {
  const { settled } = await ledger.get();
  return settled && settled.head.size >= size ? settled : null;
}, { limitMs: 10_000 });

async function post(url, body, path = '/add-checkpoint') {
  return new Promise((resolve, reject) => {
    const request = http.request(`${url}${path}`, { method: 'POST', timeout: 5_000 }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('end', () => resolve({ status: response.statusCode, type: response.headers['content-type'], retryAfterS: Number(response.headers['retry-after']), body: Buffer.concat(chunks).toString() })).on('error', reject);
    });
    request.on('error', reject).on('timeout', () => request.destroy(new Error('timeout')));
    request.end(body);
  });
}
async function get(url) {
  const response = await fetch(url);
  return { status: response.status, body: await response.text() };
}

test('heads settle with both witnesses, and figures say so', async (t) => {
  const line = await quietLine(t);
  await line.startWitness('A');
  await line.startServer();
  const ledger = await ledgerOf(line);
  t.after(() => ledger.close());
  const { newest } = await until('a head', async () => { const state = await ledger.get(); return state.newest ? state : null; });
  assert.equal((await ledger.get()).settled, null, 'one side alone settles nothing');
  assert.equal((await ledger.overview()).as_of.state, 'provisional');
  await line.startWitness('B');
  const settled = await settledSize(ledger, newest.head.size);
  assert.deepEqual(settled.cosigners.map((one) => one.name).sort(), ['river-line/witness-a', 'river-line/witness-b'].map((name) => name.replace('river-line', line.line)));
  assert.equal((await ledger.overview()).as_of.state, 'settled');

  // A receipt of an entry verifies offline, with the policy alone.
  const policy = join(dirname(line.server.config), 'witnesses.policy');
  const office = new Office(line.server.url, line.server.ca);
  const auditor = line.account('auditor');
  await office.signIn(auditor.name, auditor.password);
  const answer = await office.call('GET', '/ledger/proof/0');
  office.close();
  const receipt = join(line.dir, 'receipt.json');
  const verify = (content, more = ['--policy', policy]) => { writeFileSync(receipt, content); return execute('crossline', ['proof', 'receipt', receipt, ...more]); };
  const proven = await verify(JSON.stringify(answer));
  assert.equal(proven.code, 0, proven.stderr);
  assert.match(proven.stdout, /SETTLED/);
  const bytes = Buffer.from(answer.entry, 'base64');
  bytes[bytes.length >> 1] ^= 1;
  assert.equal((await verify(JSON.stringify({ ...answer, entry: bytes.toString('base64') }))).code, 1, 'another entry');
  const alone = join(line.dir, 'alone.policy');
  writeFileSync(alone, readFileSync(policy, 'utf8').replace(/^quorum.*$/m, 'group more 2 both C\nquorum more').replace(/^group both/m, 'witness C x/c+00000000+BA==\ngroup both'));
  assert.equal((await verify(JSON.stringify(answer), ['--policy', alone])).code, 2, 'no policy');
  const provisional = { ...answer, proof: answer.proof.split('\n').filter((text) => !/witness-b/.test(text)).join('\n') };
  const not = await verify(JSON.stringify(provisional));
  assert.equal(not.code, 1);
  assert.match(not.stdout, /PROVISIONAL/);
  assert.equal((await verify('{}')).code, 2);
  assert.equal((await verify('garbage')).code, 2);

  // What is settled stays settled when server and witnesses were away.
  const file = join(dirname(line.server.ledger), 'settled');
  await until('the settled head to be kept', () => existsSync(file));
  await Promise.all(['A', 'B'].map((party) => line.stopWitness(party)));
  await line.killServer();
  await line.startServer();
  const again = await ledgerOf(line);
  t.after(() => again.close());
  const kept = await settledSize(again, settled.head.size);
  assert.deepEqual(kept, settled);
  // Not when the file is of another ledger or was altered.
  const note = readFileSync(file, 'utf8');
  await line.stopServer();
  writeFileSync(file, note.replace(/\n\d+\n/, '\n999999\n'));
  await line.startServer();
  const altered = await ledgerOf(line);
  t.after(() => altered.close());
  await until('a head', async () => (await altered.get()).newest);
  await until('the reason', () => /the head settled last is not taken over/.test(readFileSync(line.log('server'), 'utf8')));
  assert.equal((await altered.get()).settled, null);
});

test('a witness that lies, hangs, answers garbage or tells sizes it cannot show holds up nobody', async (t) => {
  const line = await quietLine(t);
  const policy = join(dirname(line.server.config), 'witnesses.policy');
  let answer = (request, response) => { response.statusCode = 500; response.end(); };
  const fake = http.createServer((request, response) => { request.resume(); request.on('end', () => answer(request, response)); });
  await new Promise((done) => fake.listen(0, '127.0.0.1', done));
  t.after(() => { fake.closeAllConnections(); fake.close(); });
  const { url } = line.witnesses.find((one) => one.party === 'B');
  writeFileSync(policy, readFileSync(policy, 'utf8').replace(url, `http://127.0.0.1:${fake.address().port}`));
  await line.startWitness('A');
  let asked = 0;
  const behaviours = {
    garbage: (response) => response.end('\u0000garbage'),
    'an empty answer': (response) => response.end(),
    'a signature of nobody': (response) => response.end(`— nobody ${Buffer.alloc(76).toString('base64')}\n`),
    'a size it cannot show': (response) => { response.statusCode = 409; response.setHeader('Content-Type', 'text/x.tlog.size'); response.end('999999\n'); },
    'a size that is none': (response) => { response.statusCode = 409; response.end('many\n'); },
    'a false alarm': (response) => { response.statusCode = 422; response.end(); },
    silence: () => {},
  };
  let behaviour = null;
  answer = (request, response) => { asked += 1; if (behaviour) behaviours[behaviour](response); else { response.statusCode = 404; response.end(); } };
  await line.startServer();
  const ledger = await ledgerOf(line);
  t.after(() => ledger.close());
  const { agent, url: desk } = line.post('bridge', 'A');
  await line.startAgent(agent);
  const station = new Station(desk);
  t.after(() => station.close());
  await station.startShift(line.officer.id, line.officer.pin, 'exit');
  let people = 0;
  for (behaviour of Object.keys(behaviours)) {
    const before = asked;
    const { size } = (await ledger.overview()).as_of.tree_head;
    // People pass while the witness is asked, and the server decides each: nobody waits for a cosignature.
    for (const began = Date.now(); asked === before; await wait(100)) {
      const served = await station.serve([{ text: passport({ number: `WIT${String(people++).padStart(6, '0')}` }), category: 'resident_a' }]);
      assert.deepEqual([served.verdict, served.outcome, served.decided], ['allow', 'passed', 'online'], behaviour);
      assert.ok(served.elapsedMs < ANSWER_WAIT_MS, `${behaviour}: ${served.elapsedMs} ms`);
      assert.ok(Date.now() - began < 45_000, `the witness is not asked (${behaviour})`);
    }
    await until(`what was recorded to stand in the ledger (${behaviour})`, async () => (await ledger.overview()).as_of.tree_head.size > size);
    const state = await ledger.get();
    assert.equal(state.settled, null, behaviour);
    assert.equal((await ledger.overview()).as_of.state, 'provisional', behaviour);
  }
  const { connection, queue } = await station.state();
  assert.deepEqual([connection.state, queue.count], ['online', 0]);
  assert.equal((await verifyLedger(line)).clean, true);
  assert.equal((await entries(line.server.ledger)).filter((one) => one.movement).length, people);
});

// Of one address at most 20 reports, then one in two seconds; what a ledger or a monitor asks is not counted.
test('a witness takes no flood of reports, says when to come again, and serves everybody else meanwhile', async (t) => {
  const line = await quietLine(t);
  await line.startWitness('A');
  const { url } = line.witnesses.find((one) => one.party === 'A');
  const log = new Log(`${line.line}/ledger`, createPrivateKey(readFileSync(join(line.dir, 'pki/server/ledger.key'))));
  const report = () => post(url, 'no report', '/misbehaviour');
  const first = [];
  for (let i = 0; i < 60 && first.at(-1)?.status !== 429; i += 1) first.push(await report());
  assert.equal(first.at(-1).status, 429, 'the flood is refused');
  assert.ok(first.length > 20, `after ${first.length - 1} reports`);
  assert.deepEqual([...new Set(first.slice(0, -1).map((one) => one.status))], [400]);
  const { retryAfterS, type, body } = first.at(-1);
  assert.match(type, /problem\+json/);
  assert.equal(JSON.parse(body).code, 'too_many_reports');
  assert.ok(retryAfterS >= 1 && retryAfterS <= 2, `${retryAfterS} s`);
  // The ledger and the monitors are served meanwhile, as often as they like.
  const monitor = `${url}/${sha(log.origin).toString('hex')}/checkpoint`;
  for (let size = 1; size <= 30; size += 1) {
    const answer = await post(url, log.request(size - 1, size));
    assert.equal(answer.status, 200, answer.body);
    assert.equal((await get(monitor)).status, 200);
  }
  // Whoever waits as told is heard again.
  await until('a report to be taken again', async () => (await report()).status === 400, { limitMs: 10_000, everyMs: 1_000 });
});

// Witnesses and server run, and a copy of the server's data lies beside it, from before whatever comes now.
async function startedWithACopy(line) {
  await Promise.all(['A', 'B'].map((party) => line.startWitness(party)));
  await line.startServer();
  const data = dirname(line.server.ledger);
  await line.stopServer();
  const copy = join(line.dir, 'older');
  cpSync(data, copy, { recursive: true });
  await line.startServer();
  return { data, copy };
}

test('a disk that is older than what a witness remembers is refused', async (t) => {
  const line = await quietLine(t);
  const { data, copy } = await startedWithACopy(line);
  const office = new Office(line.server.url, line.server.ca);
  const supervisor = line.account('supervisor', 'A');
  await office.signIn(supervisor.name, supervisor.password);
  await office.call('POST', '/lookups', { subject: 'a'.repeat(32), purpose: 'other', case_number: 'T-1' });
  const ledger = await ledgerOf(line);
  await settledSize(ledger, (await ledger.overview()).as_of.tree_head.size);
  office.close();
  ledger.close();
  await line.stopServer();
  cpSync(copy, data, { recursive: true, force: true });
  const refused = await execute('crossline-server', ['run', '--config', line.server.config]);
  assert.equal(refused.code, 3, refused.stderr);
  assert.match(refused.stderr, /witness [AB] shows a head of this ledger with \d+ entries under the ledger's own key, and this disk has \d+: it is older/);
  await Promise.all(['A', 'B'].map((party) => line.stopWitness(party)));
  await line.startServer();  // nobody remembers: documented
});

// Restored, and gone on with while no witness was there to object, until it was longer than what they remember: a second history.
test('an older disk that was gone on with is refused as soon as a witness is back, and at every start after that', async (t) => {
  const line = await quietLine(t);
  const lookUp = async (times) => {
    const office = new Office(line.server.url, line.server.ca);
    const supervisor = line.account('supervisor', 'A');
    await office.signIn(supervisor.name, supervisor.password);
    for (let i = 0; i < times; i += 1) await office.call('POST', '/lookups', { subject: 'a'.repeat(32), purpose: 'other', case_number: `T-${i}` });
    office.close();
  };
  const { data, copy } = await startedWithACopy(line);
  await lookUp(2);
  const ledger = await ledgerOf(line);
  const { head: { size: remembered } } = await settledSize(ledger, (await ledger.overview()).as_of.tree_head.size);
  ledger.close();
  await line.stopServer();
  await Promise.all(['A', 'B'].map((party) => line.stopWitness(party)));
  cpSync(copy, data, { recursive: true, force: true });

  await line.startServer();  // nobody is there to object
  await lookUp(5);
  const [server] = line.programs.filter((program) => program.name === 'crossline-server');
  await line.startWitness('B');
  const ended = await Promise.race([server.exit, new Promise((done) => setTimeout(done, 30_000, 'still running').unref())]);
  assert.equal(ended, 3, readFileSync(line.log('server'), 'utf8'));
  assert.match(readFileSync(line.log('server'), 'utf8'), new RegExp(`witness B shows a head of this ledger with ${remembered} entries under the ledger's own key that the ledger on this disk never had`));
  const refused = await execute('crossline-server', ['run', '--config', line.server.config]);
  assert.equal(refused.code, 3, refused.stderr);
  assert.match(refused.stderr, /never had: an older copy was gone on with/);
});

// A log of our own, whose heads we can sign as we like.
class Log {
  constructor(origin, key) { this.origin = origin; this.key = key; }
  leaf(index) { return sha([0], `entry ${index}`); }
  root(begin, end) {
    if (end === begin) return sha('');
    if (end - begin === 1) return this.leaf(begin);
    let half = 1;
    while (half * 2 < end - begin) half *= 2;
    return sha([1], this.root(begin, begin + half), this.root(begin + half, end));
  }
  // RFC 9162 section 2.1.4.1
  consistency(old, begin, end, complete = true) {
    if (old === end - begin) return complete ? [] : [this.root(begin, end)];
    let half = 1;
    while (half * 2 < end - begin) half *= 2;
    return old <= half
      ? [...this.consistency(old, begin, begin + half, complete), this.root(begin + half, end)]
      : [...this.consistency(old - half, begin + half, end, false), this.root(begin, begin + half)];
  }
  request(old, size, root = this.root(0, size)) {
    const text = `${this.origin}\n${size}\n${root.toString('base64')}\n`;
    const publicKey = Buffer.from(createPublic(this.key));
    const id = sha(this.origin, '\n', [1], publicKey).subarray(0, 4);
    const signature = Buffer.concat([id, sign(null, Buffer.from(text), this.key)]).toString('base64');
    const proof = old > 0 && old < size ? this.consistency(old, 0, size) : [];
    return `old ${old}\n${proof.map((hash) => `${hash.toString('base64')}\n`).join('')}\n${text}\n— ${this.origin} ${signature}\n`;
  }
}
const createPublic = (key) => Buffer.from(key.export({ format: 'jwk' }).x, 'base64url');

test('a witness that is killed at any moment forgets nothing that it answered', async (t) => {
  const line = await quietLine(t);
  const key = createPrivateKey(readFileSync(join(line.dir, 'pki/server/ledger.key')));
  const log = new Log(`${line.line}/ledger`, key);
  const { url } = line.witnesses.find((one) => one.party === 'A');
  const monitor = `${url}/${sha(log.origin).toString('hex')}/checkpoint`;
  let acknowledged = 0;
  for (let round = 0; round < 12; round += 1) {
    await line.startWitness('A');
    const shown = await get(monitor);
    const remembered = shown.status === 404 ? 0 : Number(shown.body.split('\n')[1]);
    assert.ok(remembered >= acknowledged, `acknowledged ${acknowledged}, remembers ${remembered}`);
    if (remembered > 0) {
      assert.equal(shown.body.split('\n')[2], log.root(0, remembered).toString('base64'));
      assert.equal((await post(url, log.request(remembered, remembered, sha(`fork ${round}`)))).status, 422, 'a fork');
      const stale = await post(url, log.request(0, remembered + 1));
      assert.deepEqual([stale.status, stale.body, stale.type], [409, `${remembered}\n`, 'text/x.tlog.size']);
    }
    acknowledged = remembered;
    const killing = new Promise((done) => setTimeout(done, 3 + 7 * round)).then(() => line.stopWitness('A', 'SIGKILL'));
    for (let size = remembered; ;) {
      const answer = await post(url, log.request(size, size + 1)).catch(() => null);
      if (!answer) break;
      assert.equal(answer.status, 200, answer.body);
      size += 1;
      acknowledged = size;
    }
    await killing;
  }
  assert.ok(acknowledged > 12, `${acknowledged} heads acknowledged`);
  const alarms = await execute('crossline', ['witness', 'alarms', '--config', line.witnesses.find((one) => one.party === 'A').config]);
  assert.equal(alarms.code, 1);
  assert.match(alarms.stdout, /two heads of size \d+ with different roots/);
});

test('a witness says what is wrong with its configuration', async (t) => {
  const line = await quietLine(t);
  const { config } = line.witnesses[0];
  // Where nothing is kept, nobody can say that there is no alarm; and nothing is made by looking.
  for (let time = 0; time < 2; time += 1) {
    const nothing = await execute('crossline', ['witness', 'alarms', '--config', config]);
    assert.equal(nothing.code, 2, nothing.stdout);
    assert.match(nothing.stderr, /witness\.db: No such file or directory; the witness that has this configuration makes it/);
  }
  assert.equal((await execute('crossline', ['witness', 'config', 'check', '--config', config])).code, 0);
  const key = join(dirname(config), 'witness.key');
  chmodSync(key, 0o644);
  for (const command of [['config', 'check'], ['run']]) {
    const open = await execute('crossline', ['witness', ...command, '--config', config]);
    assert.notEqual(open.code, 0);
    assert.match(open.stderr, /witness\.key: others may read it; chmod 600$/m);
  }
  chmodSync(key, 0o600);
  writeFileSync(config, readFileSync(config, 'utf8').replace('listen', 'lissen'));
  const wrong = await execute('crossline', ['witness', 'config', 'check', '--config', config]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /unknown key 'lissen'; did you mean 'listen'/);
  assert.equal((await execute('crossline', ['witness', 'keygen', '--name', 'a b', '--dir', line.dir])).code, 2);
});

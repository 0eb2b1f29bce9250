// Real programs: an auditor mirrors the ledger over HTTPS with the certificate that its party gave it, audits while it
// does, goes on after a cut at any moment, follows, and is not taken in by a server that shows something else.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Office } from '../../scripts/lib/clients.mjs';
import { setUpLine } from '../../scripts/lib/line.mjs';
import { until } from '../../scripts/lib/processes.mjs';
import { atEnd, bin, execute, quietLine, scratch } from './support/programs.mjs';

const HEADS_AND_TILES = 5;  // requests before the first bundle of entries

// A line with a server and an auditor of side B.
async function auditedLine(t) {
  const line = await quietLine(t);
  const pki = join(line.dir, 'pki');
  const made = await execute('crossline', ['pki', 'auditor', '--dir', pki, '--name', 'audit-b', '--party', 'B']);
  assert.equal(made.code, 0, made.stderr);
  await line.startServer();
  return Object.assign(line, { pki, auditor: join(pki, 'auditors/audit-b'), copy: join(line.dir, 'copy') });
}

// Entries of the office: each look-up is one. Resolves with the size of the ledger.
async function lookUp(line, times) {
  const office = new Office(line.server.url, line.server.ca);
  const supervisor = line.account('supervisor', 'A');
  await office.signIn(supervisor.name, supervisor.password);
  try {
    for (let i = 0; i < times; i += 1) await office.call('POST', '/lookups', { subject: String(i % 10).repeat(32), purpose: 'other', case_number: `T-${i}` });
    const { as_of: { tree_head: { size } } } = await office.call('GET', '/overview');
    await until('the tiles', async () => (await office.call('GET', '/ledger')).newest?.head.size >= size);
    return size;
  } finally { office.close(); }
}

const args = (line, more = {}) => {
  const options = { mirror: line.copy, server: line.server.url, auditor: line.auditor, registry: line.registry, ...more };
  return ['audit', '--json', ...Object.entries(options).flatMap(([name, value]) => (value === true ? [`--${name}`] : value === null ? [] : [`--${name}`, String(value)]))];
};
const audit = (line, more) => execute('crossline', args(line, more));

async function audited(line, more) {
  const { code, stdout, stderr } = await audit(line, more);
  assert.equal(code, 0, stdout + stderr);
  return JSON.parse(stdout);
}

// The server behind somebody who may change or cut what it says: `alter(path, body, number)` returns the body, or null for a cut.
async function between(t, line, alter) {
  const folder = join(line.pki, 'server');
  const tls = { key: readFileSync(join(folder, 'server.key')), cert: readFileSync(join(folder, 'server.pem')) };
  const client = { ca: line.server.ca, cert: readFileSync(join(line.auditor, 'auditor.pem')), key: readFileSync(join(line.auditor, 'auditor.key')) };
  let number = 0;
  const server = https.createServer(tls, (request, response) => {
    https.get(`${line.server.url}${request.url}`, client, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
        number += 1;
        const body = alter(request.url, Buffer.concat(chunks), number);
        if (body === null) { response.socket.destroy(); return; }
        response.writeHead(answer.statusCode, { 'Content-Type': answer.headers['content-type'] ?? 'text/plain', 'Content-Length': body.length });
        response.end(body);
      });
    }).on('error', () => response.socket.destroy());
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  atEnd(t, () => { server.closeAllConnections(); server.close(); });
  return `https://127.0.0.1:${server.address().port}`;
}

test('a mirror is made, gone on with after SIGKILL at any moment, and audited without a server', async (t) => {
  const line = await auditedLine(t);
  const size = await lookUp(line, 700);
  let killed = 0;
  for (let round = 0; round < 25; round += 1) {
    if (round % 8 === 0) rmSync(line.copy, { recursive: true, force: true });
    const child = spawn(join(bin, 'crossline'), args(line), { stdio: 'ignore' });
    const ended = new Promise((done) => child.on('exit', (code, signal) => done(signal ?? code)));
    const timer = setTimeout(() => child.kill('SIGKILL'), 5 + 6 * (round % 12));
    const how = await ended;
    clearTimeout(timer);
    assert.ok(how === 'SIGKILL' || how === 0, `${how}`);
    if (how === 'SIGKILL') killed += 1;
  }
  assert.ok(killed > 5, `${killed} killed`);
  const whole = await audited(line);
  assert.equal(whole.size, size);
  assert.ok(whole.clean && whole.verdicts >= 0 && whole.signatures > 0);
  await line.stopServer();
  const alone = await audited(line, { server: null, auditor: null });
  assert.deepEqual([alone.size, alone.root], [size, whole.root]);

  // Half a file on the disk is not believed.
  truncateSync(join(line.copy, 'tile/entries/001'), 1_000);
  const torn = await audit(line, { server: null, auditor: null });
  assert.equal(torn.code, 3);
  assert.match(torn.stderr, /tile\/entries\/001: not whole in this mirror/);
  const away = await audit(line);
  assert.equal(away.code, 3);
  assert.match(away.stderr, /127\.0\.0\.1:\d+: checkpoint: /);
  await line.startServer();
  assert.equal((await audited(line)).root, whole.root);
});

test('a mirror follows, waits for a server that is away, and ends with what it found', async (t) => {
  const line = await auditedLine(t);
  await lookUp(line, 3);
  const child = spawn(join(bin, 'crossline'), [...args(line, { follow: true }), '--every-ms', '50'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((done) => child.on('exit', (code, signal) => done(signal ?? code)));
  atEnd(t, () => child.kill('SIGKILL'));
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text) => { out += text; });
  child.stderr.setEncoding('utf8').on('data', (text) => { err += text; });
  const last = () => JSON.parse(out.trim().split('\n').at(-1));
  for (const more of [1, 300, 5]) {
    const size = await lookUp(line, more);
    const report = await until(`${size} entries`, () => (last().size >= size ? last() : null), { limitMs: 10_000 });
    assert.equal(report.clean, true);
  }
  await line.stopServer();
  await until('the server to be missed', () => /trying again/.test(err), { limitMs: 10_000 });
  await line.startServer();
  const size = await lookUp(line, 2);
  await until(`${size} entries`, () => last().size >= size, { limitMs: 15_000 });
  child.kill('SIGTERM');
  assert.equal(await ended, 0, err);
  const second = await audited(line);
  assert.ok(second.size >= size);
});

test('what is settled is what the policy says of the cosignatures', async (t) => {
  const line = await auditedLine(t);
  const policy = join(dirname(line.server.config), 'witnesses.policy');
  const size = await lookUp(line, 3);
  assert.equal((await audited(line, { policy })).settled, 0, 'no witness has been asked yet');
  assert.equal('settled' in await audited(line), false, 'without a policy nothing is said');
  for (const { party } of line.witnesses) await line.startWitness(party);
  await until('the witnesses to cosign', async () => (await audited(line, { policy })).settled >= size, { limitMs: 40_000, everyMs: 500 });
  // A policy that wants nobody's, and one that names no ledger.
  const text = readFileSync(policy, 'utf8');
  const stranger = join(line.dir, 'stranger.policy');
  const log = text.split('\n').find((row) => row.startsWith('log '));
  writeFileSync(stranger, `${log}\nquorum none\n`);
  assert.equal((await audited(line, { policy: stranger })).settled, size, 'whose quorum is nobody');
  writeFileSync(stranger, 'quorum none\n');
  const other = await audit(line, { policy: stranger });
  assert.equal(other.code, 2);
  assert.match(other.stderr, /the policy names another ledger key than the registry/);
});

test('a head that somebody has kept must be one of this ledger', async (t) => {
  const line = await auditedLine(t);
  await lookUp(line, 5);
  await line.startWitness('B');
  const { url } = line.witnesses.find((one) => one.party === 'B');
  const origin = createHash('sha256').update(`${line.line}/ledger`).digest('hex');
  const kept = join(line.dir, 'kept');
  writeFileSync(kept, await until('the witness to remember', async () => {
    const answer = await fetch(`${url}/${origin}/checkpoint`);
    return answer.ok ? answer.text() : null;
  }));
  const heads = (await audited(line)).heads;
  assert.equal((await audited(line, { head: kept })).clean, true);
  assert.ok(heads >= 1);
  // Signed with the ledger's own key, and of another history.
  const key = createPrivateKey(readFileSync(join(line.pki, 'server/ledger.key')));
  const [name, , , , signature] = readFileSync(kept, 'utf8').split('\n');
  const text = `${name}\n2\n${Buffer.alloc(32, 7).toString('base64')}\n`;
  const id = Buffer.from(signature.split(' ')[2], 'base64').subarray(0, 4);
  const other = join(line.dir, 'other');
  writeFileSync(other, `${text}\n\u2014 ${name} ${Buffer.concat([id, sign(null, Buffer.from(text), key)]).toString('base64')}\n`);
  for (const more of [{}, { server: null, auditor: null }]) {
    const found = await audit(line, { ...more, head: other });
    assert.equal(found.code, 1, found.stderr);
    assert.equal(JSON.parse(found.stdout).findings[0].kind, 'wrong_root');
  }
  // The newest head, of these entries and signed with the same key, proves it to anybody; a store has the head of each commit as well.
  const store = await execute('crossline', ['audit', '--store', line.server.ledger, '--registry', line.registry, '--head', kept, '--head', other, '--json', '--proofs', join(line.dir, 'of-the-store')]);
  assert.equal(store.code, 1, store.stderr);
  const proofs = join(line.dir, 'of-the-mirror');
  assert.equal((await audit(line, { head: other, proofs })).code, 1);
  for (const [folder, words] of [[proofs, /PROVEN .* the first 2 entries/], [join(line.dir, 'of-the-store'), /PROVEN .* two histories/]]) {
    const files = readdirSync(folder);
    assert.equal(files.length, 1, files.join(' '));
    const checked = await execute('crossline', ['proof', 'check', join(folder, files[0]), '--registry', line.registry]);
    assert.equal(checked.code, 0, checked.stdout + checked.stderr);
    assert.match(checked.stdout, words);
  }
  writeFileSync(other, readFileSync(other, 'utf8').replace('\n2\n', '\n3\n'));
  assert.equal((await audit(line, { head: other })).code, 2, 'a head that nobody signed');
});

// `size` entries, signed with the ledger's own key in the place of `note`.
function signedHead(line, note, size) {
  const key = createPrivateKey(readFileSync(join(line.pki, 'server/ledger.key')));
  const [name, , , , signature] = note.split('\n');
  const text = `${name}\n${size}\n${Buffer.alloc(32, 7).toString('base64')}\n`;
  const id = Buffer.from(signature.split(' ')[2], 'base64').subarray(0, 4);
  return `${text}\n\u2014 ${name} ${Buffer.concat([id, sign(null, Buffer.from(text), key)]).toString('base64')}\n`;
}

test('a head that claims more entries than there can be costs an auditor nothing', async (t) => {
  const line = await auditedLine(t);
  const size = await lookUp(line, 5);
  const claimed = 2n ** 60n;
  let asked = [];
  const server = await between(t, line, (path, body) => {
    asked.push(path);
    return path === '/tlog/checkpoint' ? Buffer.from(signedHead(line, body.toString(), claimed)) : body;
  });
  const follows = await audited(line);
  assert.equal(follows.size, size);
  for (const mirror of [line.copy, join(line.dir, 'empty')]) {
    asked = [];
    const found = await audit(line, { server, mirror });
    assert.equal(found.code, 1, found.stdout + found.stderr);
    const { findings: [finding], size: checked } = JSON.parse(found.stdout);
    assert.equal(finding.kind, 'missing_entries');
    assert.match(finding.words, new RegExp(`head of ${claimed} entries, and a ledger has at most`));
    assert.equal(finding.evidence.refused_head_size, String(claimed));
    assert.equal(checked, mirror === line.copy ? size : 0);
    assert.deepEqual(asked.filter((path) => path.includes('/tile/')), [], 'nothing is fetched for it');
  }
  // What the machine cannot hold is said before anything is fetched, and is nobody's fault.
  const small = await audit(line, { mirror: join(line.dir, 'small'), 'max-entries': 1 });
  assert.equal(small.code, 3, small.stdout);
  assert.match(small.stderr, /at most 1 are taken here.*--max-entries/);
});

test('a cut, a lie and a file that is not whole cost nothing that was verified', async (t) => {
  const line = await auditedLine(t);
  const size = await lookUp(line, 600);
  let behaviour = (path, body) => body;
  const server = await between(t, line, (path, body, number) => behaviour(path, body, number));
  for (let cut = 1; cut <= HEADS_AND_TILES; cut += 1) {
    let asked = 0;
    behaviour = (path, body) => { asked += 1; return asked > cut ? null : body; };
    const result = await audit(line, { server });
    assert.equal(result.code, 3, result.stdout + result.stderr);
  }
  const lies = {
    'tile/entries/001': (body) => { body[body.length >> 1] ^= 1; return body; },
    'tile/1/000.p/2': (body) => { body[0] ^= 1; return body; },
    'tile/0/002.p/': (body) => body.subarray(0, body.length - 32),
    'tile/entries/000': (body) => body.subarray(0, body.length - 1),
  };
  for (const [file, lie] of Object.entries(lies)) {
    rmSync(line.copy, { recursive: true, force: true });
    behaviour = (path, body) => (path.includes(file) ? lie(body) : body);
    const result = await audit(line, { server });
    assert.equal(result.code, 3, file + result.stdout);
    assert.match(result.stderr, /tile/, file);
    assert.equal(existsSync(join(line.copy, file)), false, file);
  }
  behaviour = (path, body) => body;
  assert.equal((await audited(line, { server })).size, size);
});

test('who is not let in, and whose server it is, is said', async (t) => {
  const line = await auditedLine(t);
  await lookUp(line, 3);
  // The certificate of a post opens no entries.
  const post = join(line.dir, 'post');
  cpSync(line.auditor, post, { recursive: true });
  const agent = join(line.pki, 'agents', line.agents[0].agent);
  cpSync(join(agent, 'agent.pem'), join(post, 'auditor.pem'));
  cpSync(join(agent, 'agent.key'), join(post, 'auditor.key'));
  const refused = await audit(line, { auditor: post });
  assert.equal(refused.code, 3);
  assert.match(refused.stderr, /tile\/entries\/000\.p\/\d+: the server refuses it \(status 403\): entries are for auditors/);

  const other = await setUpLine({ bin, dir: join(scratch(t), 'other'), checkpoints: ['bridge'], options: ['--line', 'lake-line'] });
  const mixed = await audit(line, { mirror: join(line.dir, 'mixed'), registry: other.registry });
  assert.equal(mixed.code, 2);
  assert.match(mixed.stderr, /name two keys of the ledger/);
  const folder = join(line.dir, 'mixed-auditor');
  cpSync(line.auditor, folder, { recursive: true });
  cpSync(join(dirname(other.registry), 'server/ledger.vkey'), join(folder, 'ledger.vkey'));
  const foreign = await audit(line, { mirror: join(line.dir, 'mixed'), registry: other.registry, auditor: folder });
  assert.equal(foreign.code, 2, foreign.stderr);
  assert.match(foreign.stderr, /a head of river-line\/ledger, and the registry is that of lake-line\/ledger/);
  // A key that others on the machine may read.
  chmodSync(join(folder, 'auditor.key'), 0o640);
  const open = await audit(line, { auditor: folder });
  assert.equal(open.code, 2, open.stderr);
  assert.match(open.stderr, /auditor\.key.*others may read/);
  chmodSync(join(folder, 'auditor.key'), 0o600);
  // A server that another root vouches for.
  const roots = join(folder, 'roots');
  for (const name of readdirSync(roots)) cpSync(join(dirname(other.registry), 'parties', name[0], 'root.pem'), join(roots, name));
  cpSync(join(line.auditor, 'ledger.vkey'), join(folder, 'ledger.vkey'));
  const untrusted = await audit(line, { mirror: join(line.dir, 'untrusted'), auditor: folder });
  assert.equal(untrusted.code, 3);
  for (const wrong of [['--follow'], ['--auditor', line.auditor], ['--server', line.server.url]]) {
    const result = await execute('crossline', ['audit', '--mirror', line.copy, '--registry', line.registry, ...wrong]);
    assert.equal(result.code, 2, wrong.join(' '));
  }
  assert.equal((await audit(line, { server: 'http://127.0.0.1:1' })).code, 2);
});

test('a revoked auditor reads nothing more, without a restart; others and what is public stay', async (t) => {
  const line = await auditedLine(t);
  const size = await lookUp(line, 3);
  const second = await execute('crossline', ['pki', 'auditor', '--dir', line.pki, '--name', 'audit-a', '--party', 'A']);
  assert.equal(second.code, 0, second.stderr);
  assert.equal((await audited(line)).size, size);
  const revoked = await execute('crossline', ['pki', 'revoke', '--dir', line.pki, '--auditor', 'audit-b', '--reason', 'laptop lost']);
  assert.equal(revoked.code, 0, revoked.stderr);
  if (join(line.pki, 'registry.toml') !== line.registry) cpSync(join(line.pki, 'registry.toml'), line.registry);
  const status = (path) => new Promise((done, failed) => {
    const client = { ca: line.server.ca, cert: readFileSync(join(line.auditor, 'auditor.pem')), key: readFileSync(join(line.auditor, 'auditor.key')) };
    https.get(`${line.server.url}${path}`, client, (answer) => { answer.resume(); done(answer.statusCode); }).on('error', failed);
  });
  await until('the server to know', async () => (await status(`/tlog/tile/entries/000.p/${size}`)) === 403, { limitMs: 10_000 });
  const edition = readdirSync(join(line.copy, 'edition'))[0];
  for (const path of [`edition/${edition}`, `envelope/${edition}`]) assert.equal(await status(`/tlog/${path}`), 403, path);
  for (const path of ['checkpoint', `tile/0/000.p/${size}`]) assert.equal(await status(`/tlog/${path}`), 200, path);
  const refused = await audit(line, { mirror: join(line.dir, 'again') });
  assert.equal(refused.code, 3, refused.stdout);
  assert.match(refused.stderr, /this auditor's certificate was revoked/);
  assert.equal((await audited(line, { mirror: join(line.dir, 'another'), auditor: join(line.pki, 'auditors/audit-a') })).clean, true);
  // The name is gone for good.
  rmSync(line.auditor, { recursive: true });
  const again = await execute('crossline', ['pki', 'auditor', '--dir', line.pki, '--name', 'audit-b', '--party', 'B']);
  assert.equal(again.code, 1, again.stdout);
  assert.match(again.stderr, /was revoked; a name is never used again/);
});

test('a server on an older or another ledger is caught by the mirror, with evidence', async (t) => {
  const line = await auditedLine(t);
  await lookUp(line, 20);
  const data = dirname(line.server.ledger);
  await line.stopServer();
  const older = mkdtempSync(join(scratch(t), 'older-'));
  cpSync(data, older, { recursive: true });
  await line.startServer();
  const size = await lookUp(line, 10);
  await audited(line);

  await line.stopServer();
  cpSync(older, data, { recursive: true, force: true });
  await line.startServer();
  const proofs = join(line.dir, 'proofs');
  const back = await audit(line, { proofs });
  assert.equal(back.code, 1, back.stderr);
  const report = JSON.parse(back.stdout);
  assert.deepEqual([report.clean, report.size, report.findings[0].kind], [false, size, 'missing_entries']);
  assert.match(report.findings[0].words, /put back to an older copy/);

  await lookUp(line, 25);
  const forked = await audit(line, { proofs });
  assert.equal(forked.code, 1, forked.stderr);
  assert.equal(JSON.parse(forked.stdout).findings[0].kind, 'two_heads');
  const checked = await execute('crossline', ['proof', 'check', join(proofs, 'ledger-shown.misbehaviour'), '--registry', line.registry]);
  assert.equal(checked.code, 0, checked.stdout + checked.stderr);
  assert.match(checked.stdout, /PROVEN/);
  // The copy is still the first history.
  assert.equal((await audited(line, { server: null, auditor: null })).size, size);
});

// Who signs in wrongly, comes too late, or asks for what the role may not see.
import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Office } from '../../scripts/lib/clients.mjs';
import { passport } from './support/documents.mjs';
import { entries } from './support/ledger.mjs';
import { atEnd, execute, quietLine } from './support/programs.mjs';

const MINUTE = 60_000;

test('people', async (t) => {
  const line = await quietLine(t);
  await line.startServer();
  const store = join(line.dir, 'server/data/accounts.db');
  const office = () => { const made = new Office(line.server.url, line.server.ca); atEnd(t, () => made.close()); return made; };
  const signedIn = async (role, party) => { const one = office(); const { name, password } = line.account(role, party); await one.signIn(name, password); return one; };
  // Moves the clock of every session of an account, as if that much time had passed.
  const aged = async (account, column, ms) => {
    const { code, stderr } = await execute('sqlite3', ['-cmd', '.timeout 5000', store, `UPDATE session SET ${column} = ${column} - ${ms} WHERE account = '${account}'`]);
    assert.equal(code, 0, stderr);
  };
  const supervisor = line.account('supervisor', 'A');

  await t.test('nobody is signed in', async () => {
    for (const path of ['/overview', '/session', '/between', '/procedure']) {
      const { status, body } = await office().raw('GET', `/api/v1${path}`);
      assert.equal(status, 401, path);
      assert.equal(body.code, 'unauthenticated');
    }
  });
  await t.test('a wrong password and an unknown name get the same answer', async () => {
    const answer = async (name, password) => {
      const { status, body, headers } = await office().raw('POST', '/api/v1/session', { name, password });
      return { status, body, cookie: headers['set-cookie'] ?? null };
    };
    const wrong = await answer(supervisor.name, 'not the password');
    assert.equal(wrong.status, 401);
    assert.equal(wrong.cookie, null);
    assert.deepEqual(await answer('nobody.here', 'not the password'), wrong);
  });
  await t.test('guessing is slowed down, and the right password waits with it', async () => {
    const victim = line.account('auditor');
    let refused = null;
    for (let i = 0; i < 12 && refused === null; ++i) {
      const { status, headers } = await office().raw('POST', '/api/v1/session', { name: victim.name, password: `guess number ${i}` });
      if (status === 429) refused = { after: i, retry: Number(headers['retry-after']) };
      else assert.equal(status, 401);
    }
    assert.ok(refused !== null && refused.after === 10, JSON.stringify(refused));
    assert.ok(refused.retry > 0 && refused.retry <= 30);
    assert.equal((await office().raw('POST', '/api/v1/session', { name: victim.name, password: victim.password })).status, 429);
    await signedIn('supervisor', 'B');  // others are not slowed down
  });

  const asks = {  // what each role may ask for, beside what it may not
    see_line: (one) => one.raw('GET', '/api/v1/overview'),
    see_between: (one) => one.raw('GET', '/api/v1/between'),
    see_cases: (one) => one.raw('GET', '/api/v1/cases'),
    see_statistics: (one) => one.raw('GET', '/api/v1/statistics?from=2026-10-01&to=2026-10-02&group_by=day'),
    look_up_persons: (one) => one.raw('POST', '/api/v1/lookups', { scan: passport(), purpose: 'list_review', case_number: 'CASE-1' }),
    close_checkpoints: (one) => one.raw('POST', '/api/v1/closures', { checkpoint: 'nowhere', from: '2027-01-01T00:00:00.000Z', until: '2027-01-02T00:00:00.000Z', reason: 'CASE-1' }),
    change_lists: (one) => one.raw('POST', '/api/v1/lists/hold/entries', { subject: '0'.repeat(32), reason: 'CASE-1' }),
  };
  const may = {
    staff: ['see_line'],
    shift_lead: ['see_line', 'see_between', 'see_statistics'],
    negotiator: ['see_line', 'see_statistics'],
    administrator: ['see_line', 'see_statistics'],
    supervisor: Object.keys(asks),
  };
  for (const [role, allowed] of Object.entries(may)) {
    await t.test(`${role}: sees what the role may see, and nothing else`, async () => {
      const one = await signedIn(role);
      for (const [what, ask] of Object.entries(asks)) {
        const { status, body } = await ask(one);
        if (!allowed.includes(what)) assert.deepEqual([status, body.code], [403, 'forbidden'], `${role} ${what}`);
        else assert.ok(status !== 401 && status !== 403 && status < 500, `${role} ${what}: ${status} ${body?.detail}`);
      }
    });
  }

  await t.test('a request that another site made, or without the token of the session', async () => {
    const one = await signedIn('supervisor', 'A');
    const close = (headers) => one.raw('POST', '/api/v1/closures', { checkpoint: 'bridge', from: '2027-01-01T00:00:00.000Z', until: '2027-01-02T00:00:00.000Z', reason: 'CASE-1' }, headers);
    assert.equal((await close({ 'X-CSRF-Token': 'wrong' })).status, 403);
    assert.equal((await close({ 'Sec-Fetch-Site': 'cross-site' })).status, 403);
    assert.equal((await close({ Origin: 'https://elsewhere.example' })).status, 403);
    const underAnotherName = (host) => new Promise((resolve, reject) => {
      https.get(`${line.server.url}/api/v1/overview`, { ca: line.server.ca, servername: 'localhost', headers: { Host: host, Cookie: one.cookie } }, (response) => { response.resume(); resolve(response.statusCode); }).on('error', reject);
    });
    const port = new URL(line.server.url).port;
    assert.equal(await underAnotherName(`localhost:${port}`), 200);
    assert.equal(await underAnotherName(`elsewhere.example:${port}`), 421);
    assert.equal((await one.raw('GET', '/api/v1/overview')).status, 200, 'the session itself is in order');
  });
  await t.test('an office without TLS', async () => {
    const failed = await new Promise((resolve) => { http.get(`${line.server.url.replace('https', 'http')}/healthz`, (response) => { response.resume(); resolve(response.statusCode); }).on('error', resolve); });
    assert.ok(failed instanceof Error || failed >= 400);
    await assert.rejects(new Promise((resolve, reject) => { https.get(`${line.server.url}/healthz`, { ca: line.server.ca, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }, resolve).on('error', reject); }));
  });

  await t.test('a session ends after 15 minutes without a request', async () => {
    const one = await signedIn('supervisor', 'A');
    await aged(supervisor.name, 'used_at_ms', 14 * MINUTE);
    assert.equal((await one.raw('GET', '/api/v1/overview')).status, 200, 'not yet');
    await aged(supervisor.name, 'used_at_ms', 16 * MINUTE);
    assert.equal((await one.raw('GET', '/api/v1/overview')).status, 401);
  });
  await t.test('and after 8 hours at most', async () => {
    const one = await signedIn('supervisor', 'A');
    await aged(supervisor.name, 'started_at_ms', 8 * 60 * MINUTE + 1000);
    assert.equal((await one.raw('GET', '/api/v1/overview')).status, 401);
  });
  await t.test('and when its owner signs out', async () => {
    const one = await signedIn('supervisor', 'A');
    assert.equal((await one.raw('DELETE', '/api/v1/session')).status, 204);
    assert.equal((await one.raw('GET', '/api/v1/overview')).status, 401);
  });
  await t.test('and outlives a restart of the server, unless the account was closed', async () => {
    const [one, other] = [await signedIn('supervisor', 'A'), await signedIn('staff', 'A')];
    await line.killServer();
    const closed = await execute('crossline', ['accounts', 'disable', line.account('staff', 'A').name, '--store', store]);
    assert.equal(closed.code, 0, closed.stderr);
    await line.startServer();
    for (const each of [one, other]) each.agent.destroy();
    assert.equal((await one.raw('GET', '/api/v1/overview')).status, 200);
    assert.equal((await other.raw('GET', '/api/v1/overview')).status, 401);
    const { name, password } = line.account('staff', 'A');
    assert.equal((await office().raw('POST', '/api/v1/session', { name, password })).status, 401, 'nor does it open a new one');
  });

  await t.test('no name, number or password in the log; look-ups in the ledger; files for their owner alone', async () => {
    assert.equal(await line.stopServer(), 0);
    const log = readFileSync(line.log('server'), 'utf8');
    for (const secret of ['L8988901C', 'SPECIMEN', 'not the password', ...line.accounts.map(({ password }) => password)]) assert.ok(!log.includes(secret), secret);
    assert.ok((await entries(line.server.ledger)).some(({ agent }) => agent === 'office'));
    for (const file of ['accounts.db', 'identities.db', 'ledger.db']) assert.equal(statSync(join(line.dir, 'server/data', file)).mode & 0o077, 0, file);
  });
});

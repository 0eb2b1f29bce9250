// Real programs: figures that the server published are made again from the ledger, number by number.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { Office, Station } from '../../scripts/lib/clients.mjs';
import { until } from '../../scripts/lib/processes.mjs';
import { passport } from './support/documents.mjs';
import { atEnd, execute, root, runningLine } from './support/programs.mjs';

test('published figures are those of the ledger, and a number that was touched is named', async (t) => {
  const line = await runningLine(t);
  const stations = {};
  for (const side of ['A', 'B']) {
    stations[side] = new Station(line.post('bridge', side).url);
    atEnd(t, () => stations[side].close());
    await stations[side].startShift(line.officer.id, line.officer.pin, side === 'A' ? 'exit' : 'entry');
  }
  for (let i = 0; i < 4; i += 1) {
    const document = { text: passport({ number: `FIG${String(i).padStart(6, '0')}` }), category: 'resident_a' };
    assert.equal((await stations.A.serve([document])).outcome, 'passed');
    if (i > 0) assert.equal((await stations.B.serve([document])).outcome, 'passed');
  }
  const office = new Office(line.server.url, line.server.ca);
  atEnd(t, () => office.close());
  const auditor = line.account('auditor');
  await office.signIn(auditor.name, auditor.password);
  const today = (await office.call('GET', '/overview')).now.slice(0, 10);
  const day = (offset) => new Date(Date.parse(today) + offset * 86_400_000).toISOString().slice(0, 10);
  const ask = (more = '') => office.call('GET', `/statistics?from=${day(-1)}&to=${day(1)}${more}`);

  const file = join(line.dir, 'published.json');
  const compare = (table, input) => {
    if (!input) writeFileSync(file, typeof table === 'string' ? table : JSON.stringify(table));
    return execute('crossline', ['audit', 'statistics', input ? '-' : file, '--store', line.server.ledger, '--registry', line.registry, '--json'], { input });
  };
  for (const more of ['', '&group_by=week', '&group_by=month', '&checkpoint=bridge', '&category=resident_a', '&category=nobody', '&checkpoint=elsewhere']) {
    const published = await ask(more);
    const same = await compare(published);
    assert.equal(same.code, 0, more + same.stdout + same.stderr);
    assert.equal(JSON.parse(same.stdout).equal, true);
  }
  const published = await ask();
  assert.equal((await compare(null, JSON.stringify(published))).code, 0);
  assert.equal(published.totals.A.exits, 4);

  const touched = structuredClone(published);
  touched.totals.B.entries += 1;
  const differs = await compare(touched);
  assert.equal(differs.code, 1);
  assert.deepEqual(JSON.parse(differs.stdout).differences, [{ place: 'totals B entries', published: 4, recomputed: 3 }]);
  const left = structuredClone(published);
  left.rows.shift();
  assert.equal((await compare(left)).code, 1);
  const other = structuredClone(published);
  other.as_of.tree_head.root = Buffer.alloc(32, 1).toString('base64');
  const foreign = await compare(other);
  assert.equal(foreign.code, 1);
  assert.match(foreign.stderr, /another ledger/);
  const later = structuredClone(published);
  later.as_of.tree_head.size += 1_000;
  assert.equal((await compare(later)).code, 3);
  // The same from the server itself, by way of a mirror that is made on the way.
  const pki = join(line.dir, 'pki');
  const made = await execute('crossline', ['pki', 'auditor', '--dir', pki, '--name', 'audit-b', '--party', 'B']);
  assert.equal(made.code, 0, made.stderr);
  const fromServer = (table) => {
    writeFileSync(file, JSON.stringify(table));
    return execute('crossline', ['audit', 'statistics', file, '--mirror', join(line.dir, 'copy'), '--server', line.server.url, '--auditor', join(pki, 'auditors/audit-b'), '--registry', line.registry, '--json']);
  };
  const fetched = await fromServer(published);
  assert.equal(fetched.code, 0, fetched.stdout + fetched.stderr);
  assert.equal(JSON.parse(fetched.stdout).equal, true);
  assert.equal((await fromServer(touched)).code, 1);
  assert.equal((await fromServer(later)).code, 3);
  // Settled is what the auditor's own policy says of the cosignatures, and not what the table says of itself.
  const policy = join(line.dir, 'server/witnesses.policy');
  const alone = (table, ...more) => {
    writeFileSync(file, JSON.stringify(table));
    return execute('crossline', ['audit', 'statistics', file, '--mirror', join(line.dir, 'copy'), '--server', line.server.url, '--auditor', join(pki, 'auditors/audit-b'), '--registry', line.registry, '--json', ...more]);
  };
  const boasting = structuredClone(published);
  boasting.as_of.state = 'settled';
  const modest = structuredClone(published);
  modest.as_of.state = 'provisional';
  const settled = await until('the table to settle', async () => {
    const said = JSON.parse((await alone(modest, '--policy', policy)).stdout);
    return said.state === 'settled' ? said : null;
  });
  assert.equal(settled.published_state, 'provisional');
  assert.ok(settled.settled >= published.as_of.tree_head.size);
  const third = await execute('crossline', ['witness', 'keygen', '--name', 'a.third', '--dir', line.dir]);
  const stricter = join(line.dir, 'stricter.policy');
  writeFileSync(stricter, readFileSync(policy, 'utf8').replace(/^quorum.*$/m, `witness C ${third.stdout.trim()} http://127.0.0.1:1\ngroup more all both C\nquorum more`));
  const provisional = await alone(boasting, '--policy', stricter);
  assert.equal(provisional.code, 0, provisional.stderr);
  assert.deepEqual([JSON.parse(provisional.stdout).state, JSON.parse(provisional.stdout).published_state], ['provisional', 'settled']);
  // What an audit is told counts here as well, or is refused; nothing is passed over.
  const procedureKeys = join(line.dir, 'procedure-keys.toml');
  assert.equal((await alone(published, '--procedure-keys', procedureKeys)).code, 0);
  const otherLine = join(line.dir, 'other');
  assert.equal((await execute('crossline', ['setup', '--dir', otherLine, '--procedure', join(root, 'procedures/demo.toml')])).code, 0);
  const unsigned = await alone(published, '--procedure-keys', join(otherLine, 'procedure-keys.toml'));
  assert.equal(unsigned.code, 1, unsigned.stdout + unsigned.stderr);
  assert.match(unsigned.stderr, /not as they must be/);
  for (const wrong of [['--head', file], ['--policy', file], ['--follow'], ['--proofs', line.dir]]) assert.equal((await alone(published, ...wrong)).code, 2, wrong.join(' '));
  // The table as well: the auditor's certificate opens what its role is shown, and nothing else of the pages' interface.
  const asked = (more, to = line.server.url) => execute('crossline', ['audit', 'statistics', ...more, '--mirror', join(line.dir, 'copy'), '--server', to, '--auditor', join(pki, 'auditors/audit-b'), '--registry', line.registry, '--json']);
  const days = ['--from', day(-1), '--to', day(1)];
  for (const more of [[], ['--group-by', 'week'], ['--checkpoint', 'bridge'], ['--category', 'resident_a'], ['--checkpoint', 'a b&c']]) {
    const same = await asked([...days, ...more]);
    assert.equal(same.code, 0, more.join(' ') + same.stdout + same.stderr);
    const { equal, numbers, hidden } = JSON.parse(same.stdout);
    assert.deepEqual([equal, hidden], [true, 0]);
    assert.ok(numbers > 0);
  }
  // A server that publishes another number than its ledger gives is named with both.
  const folder = join(pki, 'auditors/audit-b');
  const client = { ca: line.server.ca, cert: readFileSync(join(folder, 'auditor.pem')), key: readFileSync(join(folder, 'auditor.key')) };
  const liar = https.createServer({ key: readFileSync(join(pki, 'server/server.key')), cert: readFileSync(join(pki, 'server/server.pem')) }, (request, response) => {
    https.get(`${line.server.url}${request.url}`, client, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
        let body = Buffer.concat(chunks);
        if (request.url.startsWith('/api/v1/statistics')) {
          const table = JSON.parse(body.toString());
          table.totals.A.exits += 1;
          body = Buffer.from(JSON.stringify(table));
        }
        response.writeHead(answer.statusCode, { 'Content-Length': body.length });
        response.end(body);
      });
    }).on('error', () => response.socket.destroy());
  });
  await new Promise((done) => liar.listen(0, '127.0.0.1', done));
  atEnd(t, () => { liar.closeAllConnections(); liar.close(); });
  const lied = await asked(days, `https://127.0.0.1:${liar.address().port}`);
  assert.equal(lied.code, 1, lied.stderr);
  assert.deepEqual(JSON.parse(lied.stdout).differences, [{ place: 'totals A exits', published: 5, recomputed: 4 }]);
  const status = (path) => new Promise((done, failed) => { https.get(`${line.server.url}/api/v1${path}`, client, (answer) => { answer.resume(); done(answer.statusCode); }).on('error', failed); });
  assert.equal(await status(`/statistics?from=${day(-1)}&to=${day(1)}`), 200);
  for (const path of ['/overview', '/between', '/cases', '/quotas', '/ledger/proof/0']) assert.equal(await status(path), 401, path);
  for (const wrong of [[], ['--from', day(0)], [file, ...days], ['--from', 'today', '--to', day(0)], ['--from', day(1), '--to', day(0)]]) assert.equal((await asked(wrong)).code, 2, wrong.join(' '));
  for (const no of ['', '{}', '[1]', '{"as_of":1}']) assert.equal((await compare(no || ' ')).code, 2, no);
});

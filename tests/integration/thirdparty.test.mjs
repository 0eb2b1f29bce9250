// The served ledger under the eyes of a program that shares no code with us: Go's sumdb packages (Debian's
// golang-golang-x-mod-dev). Heads, every tile, proofs made from tiles and by the server, and entries.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Office } from '../../scripts/lib/clients.mjs';
import { until } from '../../scripts/lib/processes.mjs';
import { execute, quietLine, root } from './support/programs.mjs';

const ENTRIES = 300;  // a full tile and a part of one

test("Go's sumdb accepts heads, tiles, proofs and entries", async (t) => {
  const line = await quietLine(t);
  const pki = join(line.dir, 'pki');
  const made = await execute('crossline', ['pki', 'auditor', '--dir', pki, '--name', 'audit-b', '--party', 'B']);
  assert.equal(made.code, 0, made.stderr);
  await line.startServer();
  const office = new Office(line.server.url, line.server.ca);
  t.after(() => office.close());
  const supervisor = line.account('supervisor', 'A');
  await office.signIn(supervisor.name, supervisor.password);
  for (let i = 0; i < ENTRIES; i += 1) {
    await office.call('POST', '/lookups', { subject: String(i % 10).repeat(32), purpose: 'other', case_number: `T-${i}` });
  }
  const { newest } = await until('the tiles', async () => {
    const state = await office.call('GET', '/ledger');
    return state.newest?.head.size >= ENTRIES ? state : null;
  });
  const proofs = { inclusion: [], consistency: [] };
  const reader = new Office(line.server.url, line.server.ca);  // any entry by its index is for auditors
  t.after(() => reader.close());
  await reader.signIn(line.account('auditor').name, line.account('auditor').password);
  for (const index of [0, 1, 255, 256, newest.head.size - 1]) {
    const proof = await reader.call('GET', `/ledger/proof/${index}`);
    proofs.inclusion.push({ index, size: proof.head.size, root: proof.head.root, entry: proof.entry, hashes: proof.hashes });
  }
  for (const from of [1, 255, 256, 257, newest.head.size]) {
    const proof = await office.call('GET', `/ledger/consistency?from=${from}`);
    proofs.consistency.push({ from, size: proof.head.size, root: proof.head.root, hashes: proof.hashes });
  }
  const file = join(line.dir, 'proofs.json');
  writeFileSync(file, JSON.stringify(proofs));
  const auditor = join(pki, 'auditors/audit-b');
  const check = (overrides = {}) => {
    const options = { url: line.server.url, ca: line.server.caFile, key: join(auditor, 'ledger.vkey'), cert: join(auditor, 'auditor.pem'), certkey: join(auditor, 'auditor.key'), proofs: file, ...overrides };
    return execute('go', ['run', join(root, 'tests/integration/thirdparty/check.go'), ...Object.entries(options).map(([name, value]) => `-${name}=${value}`)],
      { env: { GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '', GOCACHE: join(line.dir, 'go-cache') }, limitMs: 180_000 });
  };
  const checked = await check();
  assert.equal(checked.code, 0, checked.stderr);
  assert.match(checked.stdout, new RegExp(`^${newest.head.size} entries, 5 \\+ 5 proofs`));

  // It can say no: another key, a false proof, the certificate of a post.
  const agent = join(pki, 'agents', line.agents[0].agent);
  assert.notEqual((await check({ key: join(agent, 'journal.vkey') })).code, 0);
  const forbidden = await check({ cert: join(agent, 'agent.pem'), certkey: join(agent, 'agent.key') });
  assert.notEqual(forbidden.code, 0);
  assert.match(forbidden.stderr, /entries\/000: 403/);
  proofs.inclusion[2].hashes.reverse();
  writeFileSync(file, JSON.stringify(proofs));
  assert.match((await check()).stderr, /the server's proof of 255/);
});

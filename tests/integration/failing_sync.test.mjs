// A disk that takes writes and does not keep them: fdatasync fails (strace puts EIO in its place). What was not synced is never told
// as done. Afterwards nobody trusts what the kernel holds in memory: the agent reads its disk again, the server ends.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Station } from '../../scripts/lib/clients.mjs';
import { until } from '../../scripts/lib/processes.mjs';
import { FailingSyncs } from './support/disk.mjs';
import { passport } from './support/documents.mjs';
import { Journal } from './support/journal.mjs';
import { entries, passagesShown, sizesOfJournals } from './support/ledger.mjs';
import { credentials, FRAME, Peer } from './support/peer.mjs';
import { atEnd, quietLine, verifyLedger } from './support/programs.mjs';

const skip = await FailingSyncs.notHere();
const pidOf = (line, name) => line.programs.find((program) => program.name === name).child.pid;

test('the server', { skip }, async (t) => {
  const line = await quietLine(t, { extraAgents: 1 });
  const folder = join(line.dir, 'pki/agents/load-01');
  const journal = new Journal(line.line, 'load-01', folder);
  const connect = async () => { const peer = await Peer.connect(line, credentials(folder)); return { peer, ...(await peer.greet(journal)) }; };
  await line.startServer();
  const program = line.programs[0];
  const { peer } = await connect();
  journal.record(1);
  peer.send(journal.submit(0));
  const first = (await peer.expect(FRAME.answer)).bytes;

  await FailingSyncs.of(t, pidOf(line, 'crossline-server'));
  journal.record(2);
  peer.send(journal.submit(1));
  await assert.rejects(peer.expect(FRAME.answer), /the link ended/, 'no answer without a sync');
  assert.equal(await program.exit, 1, 'it ends and says so');
  assert.match(readFileSync(line.log('server'), 'utf8'), /storage_failed|Input\/output error|I\/O error/i);
  await line.stopServer();

  await line.startServer();
  const again = await connect();
  assert.ok(again.next === 1 || again.next === 2, 'the failed write is there whole or not at all');
  again.peer.send(journal.submit(0, { end: 1 }));
  assert.deepEqual((await again.peer.expect(FRAME.answer)).bytes, first, 'the first answer still stands');
  again.peer.send(journal.submit(1));
  await again.peer.expect(FRAME.answer);
  await again.peer.close();
  assert.equal(await line.stopServer(), 0);
  assert.equal(sizesOfJournals(await entries(line.server.ledger)).get('load-01'), 2);
  await verifyLedger(line);
});

test('an agent', { skip }, async (t) => {
  const line = await quietLine(t);
  const { agent, url } = line.post('bridge', 'A');
  await line.startServer();
  await line.startAgent(agent);
  const station = new Station(url);
  atEnd(t, () => station.close());
  await station.startShift(line.officer.id, line.officer.pin, 'exit');
  const shown = [];
  const serve = async (number) => {
    const result = await station.serve([{ text: passport({ number }), category: 'resident_a' }]);
    assert.equal(result.outcome, 'passed');
    shown.push(result.journalIndex);
  };
  await serve('SYNC00001');

  const failing = await FailingSyncs.of(t, pidOf(line, agent));
  await assert.rejects(serve('SYNC00002'), { status: 503, code: 'storage_failed' });
  assert.deepEqual((await station.state()).recording, { ok: false, code: 'storage_failed' });
  await assert.rejects(serve('SYNC00003'), { status: 503, code: 'storage_failed' });

  await failing.mend();
  await until('recording', async () => (await station.state()).recording.ok, { limitMs: 15_000 });
  await serve('SYNC00004');
  await until('the queue to be empty', async () => (await station.state()).queue.count === 0);
  assert.equal(await line.stopAgent(agent), 0);
  assert.equal(await line.stopServer(), 0);
  const ledger = await entries(line.server.ledger);
  sizesOfJournals(ledger);
  passagesShown(ledger, agent, shown);
  await verifyLedger(line);
});

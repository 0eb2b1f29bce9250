// An agent is killed without a word 30 times while its desk is busy. What the desk was shown as done is written down outside; afterwards
// all of it stands in the server's ledger, once, and nobody crossed who was not let through.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Station } from '../../scripts/lib/clients.mjs';
import { until } from '../../scripts/lib/processes.mjs';
import { passport } from './support/documents.mjs';
import { entries, sizesOfJournals, subjectOf } from './support/ledger.mjs';
import { quietLine, verifyLedger } from './support/programs.mjs';

const KILLS = 30;
const PASSED = 1;

test(`${KILLS} kills of an agent at a busy desk`, async (t) => {
  const line = await quietLine(t);
  const { agent, url } = line.post('bridge', 'A');
  await line.startServer();

  const shown = new Map();   // document number -> journal index, as the desk was told
  const tried = [];          // everybody who came to the desk
  // One person after the other, until the desk is gone.
  const serveUntilGone = async (station, served) => {
    for (;;) {
      const number = `K${String(tried.length).padStart(8, '0')}`;
      tried.push(number);
      const result = await station.serve([{ text: passport({ number }), category: 'resident_a' }]).catch(() => null);
      if (result === null) return;
      assert.deepEqual([result.verdict, result.outcome], ['allow', 'passed'], number);
      shown.set(number, result.journalIndex);
      served();
    }
  };
  for (let kill = 0; kill < KILLS; ++kill) {
    // Every third life without the server: what is recorded then must go out later.
    const alone = kill % 3 === 2;
    if (alone) await line.killServer();
    await line.startAgent(agent, { online: !alone });
    const station = new Station(url);
    if ((await station.state()).shift === null) await station.startShift(line.officer.id, line.officer.pin, 'exit');
    const enough = deferred();
    const desk = serveUntilGone(station, enough.resolve);
    await Promise.race([enough.promise, desk]);
    await wait((kill * 13) % 90);
    assert.equal(await line.killAgent(agent), 'SIGKILL');
    await desk;
    station.close();
    if (alone) await line.startServer();
  }
  await line.startAgent(agent);
  const station = new Station(url);
  const state = await until('everything to be acknowledged', async () => { const now = await station.state(); return now.queue.count === 0 && now; });
  station.close();
  assert.equal(await line.stopAgent(agent), 0);
  assert.equal(await line.stopServer(), 0);

  const ledger = await entries(line.server.ledger);
  assert.equal(sizesOfJournals(ledger).get(agent), state.journal_size, 'the ledger has the whole journal');
  const passages = new Map();
  for (const { agent: by, journalIndex, movement } of ledger) {
    if (by === agent && movement?.outcome === PASSED) passages.set(movement.subject, [...(passages.get(movement.subject) ?? []), journalIndex]);
  }
  const lineKey = join(line.dir, 'pki/line.key');
  for (const number of tried) {
    const found = passages.get(subjectOf(lineKey, 'XAA', number)) ?? [];
    if (shown.has(number)) assert.deepEqual(found, [shown.get(number)], `${number} was shown as passed`);
    else assert.ok(found.length <= 1, `${number} stands ${found.length} times`);
  }
  assert.equal([...passages.values()].flat().length, passages.size, 'nobody passed twice');
  await verifyLedger(line);
  t.diagnostic(`${shown.size} shown as passed, ${passages.size} in the ledger, ${ledger.filter(({ movement }) => movement?.offline).length} decided offline`);
});

function deferred() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

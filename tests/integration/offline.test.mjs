// The wire between a post and the server is held up, cut and mended: the desk goes on within its time limit, says so, and what it
// recorded meanwhile goes out in order, once.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Station } from '../../scripts/lib/clients.mjs';
import { until } from '../../scripts/lib/processes.mjs';
import { passport } from './support/documents.mjs';
import { entries, sizesOfJournals } from './support/ledger.mjs';
import { atEnd, quietLine, verifyLedger } from './support/programs.mjs';
import { Proxy } from './support/proxy.mjs';

const ANSWER_WAIT_MS = 1000;  // of agent.toml, when nothing is written there
const SLACK_MS = 1500;        // for a busy machine: far below the second wait that must not happen

test('the link is cut', async (t) => {
  const line = await quietLine(t);
  const { agent, config, url } = line.post('bridge', 'A');
  const proxy = await Proxy.to(line.server.agentsPort);
  atEnd(t, () => proxy.close());
  writeFileSync(config, readFileSync(config, 'utf8').replace(/^address.*$/m, `address = "127.0.0.1:${proxy.port}"`));
  await line.startServer();
  await line.startAgent(agent);
  const station = new Station(url);
  atEnd(t, () => station.close());
  await station.startShift(line.officer.id, line.officer.pin, 'exit');

  const served = [];  // journal index and whether it was decided online, as the desk was told
  let people = 0;
  const serve = async () => {
    const began = Date.now();
    const result = await station.serve([{ text: passport({ number: `OFF${String(people++).padStart(6, '0')}` }), category: 'resident_a' }]);
    assert.deepEqual([result.verdict, result.outcome], ['allow', 'passed']);
    served.push({ journalIndex: result.journalIndex, offline: result.decided !== 'online' });
    return { ...result, tookMs: Date.now() - began };
  };
  const state = () => station.state();
  const caughtUp = () => until('the queue to be empty', async () => { const now = await state(); return now.connection.state === 'online' && now.queue.count === 0; });

  await t.test('while it holds, the server decides', async () => assert.equal((await serve()).decided, 'online'));

  await t.test('nothing comes back: the local verdict stands after the limit', async () => {
    proxy.hold();
    const first = await serve();
    assert.equal(first.decided, 'offline');
    assert.ok(first.elapsedMs >= ANSWER_WAIT_MS * 0.9 && first.elapsedMs < ANSWER_WAIT_MS + SLACK_MS, `${first.elapsedMs} ms`);
    const second = await serve();
    assert.equal(second.decided, 'offline');
    assert.ok(second.elapsedMs < ANSWER_WAIT_MS * 0.9, `nobody waits a second time: ${second.elapsedMs} ms`);
  });
  await t.test('it is mended: what was recorded goes out', async () => {
    proxy.mend();
    await caughtUp();
    assert.equal((await serve()).decided, 'online');
  });
  await t.test('it is cut: at once offline, the queue grows and shows its age', async () => {
    proxy.cut();
    await until('the station to say so', async () => (await state()).connection.state !== 'online');
    for (let i = 0; i < 5; ++i) {
      const result = await serve();
      assert.equal(result.decided, 'offline');
      assert.ok(result.elapsedMs < ANSWER_WAIT_MS * 0.9, `${result.elapsedMs} ms`);
    }
    const { queue, connection } = await state();
    assert.ok(queue.count >= 5 && queue.oldest_age_ms >= 0, JSON.stringify(queue));
    assert.equal(connection.reason, 'unreachable');
  });
  await t.test('the agent starts again without a link and remembers', async () => {
    assert.equal(await line.stopAgent(agent), 0);
    await line.startAgent(agent, { online: false });
    const now = await state();
    assert.ok(now.queue.count >= 5, 'what waits, waits on');
    if (now.shift === null) await station.startShift(line.officer.id, line.officer.pin, 'exit');
    assert.equal((await serve()).decided, 'offline');
    const again = await station.serve([{ text: passport({ number: 'OFF000003' }), category: 'resident_a' }]);
    assert.notEqual(again.outcome, 'passed', 'who has left this side offline does not leave it again');
  });
  await t.test('a link that comes and goes', async () => {
    for (let i = 0; i < 10; ++i) {
      if (i % 2 === 0) proxy.mend(); else proxy.cut();
      await serve();
      await wait((i * 53) % 170);
    }
  });
  await t.test('the server itself is away and back', async () => {
    proxy.mend();
    await caughtUp();
    await line.killServer();
    assert.equal((await serve()).decided, 'offline');
    await line.startServer();
    await caughtUp();
  });
  await t.test('everything stands in the ledger in order, once, as it was decided', async () => {
    const { journal_size: size } = await state();
    assert.equal(await line.stopAgent(agent), 0);
    assert.equal(await line.stopServer(), 0);
    const ledger = await entries(line.server.ledger);
    assert.equal(sizesOfJournals(ledger).get(agent) >= size, true);
    const own = ledger.filter((one) => one.agent === agent);
    for (const { journalIndex, offline } of served) {
      assert.equal(own[journalIndex].movement.outcome, 1);
      assert.equal(own[journalIndex].movement.offline, offline, `journal index ${journalIndex} says how it was decided`);
    }
    await verifyLedger(line);
  });
});

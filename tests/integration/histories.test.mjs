// The same event twice, and two histories under one key: the first is answered as before, the second is kept as evidence.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Journal } from './support/journal.mjs';
import { entries, query, sizesOfJournals } from './support/ledger.mjs';
import { credentials, FRAME, Peer } from './support/peer.mjs';
import { execute, quietLine, verifyLedger } from './support/programs.mjs';

async function lineOfPeers(t, extraAgents) {
  const line = await quietLine(t, { extraAgents });
  await line.startServer();
  const folder = (agent) => join(line.dir, 'pki/agents', agent);
  return { line, journal: (agent) => new Journal(line.line, agent, folder(agent)), connect: (agent) => Peer.connect(line, credentials(folder(agent))) };
}

test('an event sent again gets the first answer, byte for byte', async (t) => {
  const { line, journal, connect } = await lineOfPeers(t, 1);
  const own = journal('load-01');
  for (let person = 1; person <= 20; ++person) own.record(person, { direction: person % 3 === 0 ? 'entry' : 'exit' });
  const answers = async (peer, ranges) => {
    const all = [];
    for (const [first, end] of ranges) {
      peer.send(own.submit(first, { end }));
      all.push((await peer.expect(FRAME.answer)).bytes.toString('hex'));
    }
    return all;
  };
  const ranges = [[0, 1], [1, 12], [12, 20]];
  let peer = await connect('load-01');
  await peer.greet(own);
  const first = await answers(peer, ranges);

  await t.test('on the same connection', async () => assert.deepEqual(await answers(peer, ranges), first));
  await t.test('on another one', async () => {
    await peer.close();
    peer = await connect('load-01');
    assert.deepEqual(await peer.greet(own), { next: 20 });
    assert.deepEqual(await answers(peer, ranges), first);
  });
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    await t.test(`after ${signal} and a restart`, async () => {
      await line.stopServer(signal);
      await line.startServer();
      peer = await connect('load-01');
      assert.deepEqual(await peer.greet(own), { next: 20 });
      assert.deepEqual(await answers(peer, ranges), first);
    });
  }
  await t.test('and stands in the ledger once', async () => {
    await peer.close();
    await line.stopServer();
    assert.equal(sizesOfJournals(await entries(line.server.ledger)).get('load-01'), 20);
    await verifyLedger(line);
  });
});

test('two histories under one key', async (t) => {
  const { line, journal, connect } = await lineOfPeers(t, 5);
  const honest = { journal: journal('load-05'), peer: await connect('load-05') };
  await honest.peer.greet(honest.journal);
  const othersGoOn = async () => {
    honest.journal.record(500 + honest.journal.size);
    honest.peer.send(honest.journal.submit(honest.journal.size - 1));
    await honest.peer.expect(FRAME.answer);
  };
  // Brings `count` events of the agent into the ledger.
  const settled = async (agent, count) => {
    const own = journal(agent);
    for (let person = 1; person <= count; ++person) own.record(person);
    const peer = await connect(agent);
    await peer.greet(own);
    peer.send(own.submit());
    await peer.expect(FRAME.answer);
    return { own, peer };
  };
  let kept = null;  // the journal of load-03 as the ledger has it
  const suspensions = async () => (await execute('crossline-server', ['suspension', 'list', '--config', line.server.config])).stdout;
  const suspended = async (agent) => {
    const peer = await connect(agent);
    peer.send(journal(agent).hello());
    const { code, message } = await peer.refusal();
    assert.equal(code, 'forked');
    assert.match(message, new RegExp(`agent ${agent} is suspended`));
    assert.match(await suspensions(), new RegExp(agent));
  };

  await t.test('another event at an index that is taken, signed', async () => {
    const { own, peer } = await settled('load-01', 3);
    const other = own.branch(2).record(77);
    peer.send(other.submit(2));
    assert.equal((await peer.refusal()).code, 'forked');
    await suspended('load-01');
    await othersGoOn();
    const [[seen, claimed]] = await query(line.server.ledger, "SELECT hex(seen_events), hex(claimed_events) FROM evidence WHERE agent = 'load-01'");
    assert.ok(Buffer.from(seen, 'hex').includes(own.events[2]), 'the event that the ledger has is kept');
    assert.ok(Buffer.from(claimed, 'hex').includes(other.events[2]), 'and the other one');
  });
  await t.test('a hello with a journal shorter than what the server has', async () => {
    const { own, peer } = await settled('load-02', 3);
    await peer.close();
    const late = await connect('load-02');
    late.send(own.branch(2).hello());
    assert.equal((await late.refusal()).code, 'forked');
    await suspended('load-02');
    await othersGoOn();
  });
  await t.test('two hellos with two heads of one size', async () => {
    const { own, peer } = await settled('load-03', 2);
    kept = own;
    await peer.close();
    const first = await connect('load-03');
    await first.greet(own.branch(2).record(10));
    await first.close();
    const second = await connect('load-03');
    second.send(own.branch(2).record(11).hello());
    assert.equal((await second.refusal()).code, 'forked');
    await suspended('load-03');
    await othersGoOn();
  });
  await t.test('another event whose signature fails is no second history', async () => {
    const { own, peer } = await settled('load-04', 2);
    const other = own.branch(1).record(77);
    peer.send(other.submit(1, { signature: own.signature() }));
    assert.equal((await peer.refusal()).code, 'bad_signature');
    const again = await connect('load-04');
    assert.deepEqual(await again.greet(own), { next: 2 });
    await again.close();
    await othersGoOn();
  });
  await t.test('the suspension outlives a restart, and an administrator lifts it', async () => {
    await honest.peer.close();
    await line.stopServer();
    rmSync(join(dirname(line.server.ledger), 'journals.db'));
    const lifted = await execute('crossline-server', ['suspension', 'lift', '--config', line.server.config, '--agent', 'load-03']);
    assert.equal(lifted.code, 0, lifted.stderr);
    assert.match(lifted.stdout, /^load-03 may come back/);
    assert.match(lifted.stderr, /journals\.db is made again from the whole ledger: it was missing\n.*journals\.db holds \d+ ledger entries/);
    const listed = await suspensions();
    assert.match(listed, / {2}load-03 {2}lifted {2}/);
    assert.match(listed, / {2}load-01 {2}suspended {2}/);
    await line.startServer();
    await suspended('load-01');
    const back = await connect('load-03');
    assert.deepEqual(await back.greet(kept), { next: 2 });
    await back.close();
  });
  await t.test('the ledger verifies', async () => {
    await line.stopServer();
    sizesOfJournals(await entries(line.server.ledger));
    await verifyLedger(line);
  });
});

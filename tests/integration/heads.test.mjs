// Real server, real posts: a post that does nothing learns what the ledger is now and has it proven; so does one that works, and one that
// was started anew asks about both heads that it kept.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Station } from '../../scripts/lib/clients.mjs';
import { until } from '../../scripts/lib/processes.mjs';
import { passport } from './support/documents.mjs';
import { query } from './support/ledger.mjs';
import { atEnd, quietLine, verifyLedger } from './support/programs.mjs';

const QUESTIONS_MS = 60_000;  // several questions of a post, on a busy machine

test('a connected post follows the ledger', async (t) => {
  const line = await quietLine(t);
  await line.startServer();
  const open = async (side) => {
    const post = line.post('bridge', side);
    await line.startAgent(post.agent);
    const station = new Station(post.url);
    atEnd(t, () => station.close());
    return { ...post, station };
  };
  const [busy, quiet] = [await open('A'), await open('B')];
  await busy.station.startShift(line.officer.id, line.officer.pin, 'exit');
  let people = 0;
  const serve = async (count) => {
    for (; count > 0; --count) await busy.station.serve([{ text: passport({ number: `HED${String(people++).padStart(6, '0')}` }), category: 'resident_a' }]);
  };
  const size = async ({ station }) => (await station.state()).ledger_head?.size ?? 0;
  const proven = async ({ config }) => {
    const [[seen, proved]] = await query(join(dirname(config), 'data', 'replica.db'), 'SELECT ledger_size, proven_size FROM summary');
    return { seen: Number(seen), proven: Number(proved) };
  };
  const followed = (post, ledger) => until(`${post.agent} to have a head of ${ledger} proven`,
    async () => { const heads = await proven(post); return heads.seen >= ledger && heads.proven >= ledger; }, { limitMs: QUESTIONS_MS });

  await t.test('a quiet one, without an event of its own', async () => {
    await serve(3);
    const ledger = await size(busy);
    assert.ok(ledger >= 4, `${ledger} entries`);
    await followed(quiet, ledger);
    assert.equal((await quiet.station.state()).journal_size, 0, 'it has done nothing');
  });
  await t.test('one that works', async () => {
    await serve(2);
    await followed(busy, await size(busy));
  });
  await t.test('one that was away meanwhile', async () => {
    await line.stopAgent(quiet.agent);
    const before = await proven(quiet);
    await serve(3);
    await line.startAgent(quiet.agent);
    const after = await proven(quiet);
    assert.ok(after.proven > before.proven && after.proven === after.seen, JSON.stringify({ before, after }));
  });
  await t.test('and nobody has been accused', async () => {
    for (const { station } of [busy, quiet]) assert.equal((await station.state()).connection.state, 'online');
    await line.stop();
    await verifyLedger(line);
  });
});

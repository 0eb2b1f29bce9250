// Files that are gone or cannot be read: what can be made again is, what cannot is named with what to do, and nobody begins a second
// history by accident.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Station } from '../../scripts/lib/clients.mjs';
import { until } from '../../scripts/lib/processes.mjs';
import { passport } from './support/documents.mjs';
import { query } from './support/ledger.mjs';
import { atEnd, execute, quietLine, runningLine, verifyLedger } from './support/programs.mjs';

const GARBAGE = 'this is no database. '.repeat(500);
const serve = async (t, line, agent, number) => {
  const station = new Station(line.agent(agent).url);
  atEnd(t, () => station.close());
  await station.startShift(line.officer.id, line.officer.pin, 'exit');
  assert.equal((await station.serve([{ text: passport({ number }), category: 'resident_a' }])).outcome, 'passed');
};

test('a server that has lost its ledger begins no other', async (t) => {
  const line = await quietLine(t);
  const data = dirname(line.server.ledger);
  const run = () => execute('crossline-server', ['run', '--config', line.server.config], { limitMs: 20_000 });
  const lift = () => execute('crossline-server', ['suspension', 'lift', '--agent', 'bridge-a-1', '--config', line.server.config]);
  assert.equal((await lift()).code, 1);
  assert.ok(!existsSync(line.server.ledger), 'only a server that runs makes a ledger');
  await line.startServer();
  assert.equal(await line.stopServer(), 0);

  const aside = join(line.dir, 'ledger.db');
  renameSync(line.server.ledger, aside);
  const before = readdirSync(data).sort();
  for (const { code, stderr } of [await run(), await lift()]) {
    assert.ok(code === 3 || code === 1, stderr);
    assert.match(stderr, /ledger\.db: no such file/);
  }
  const { code, stderr } = await run();
  assert.equal(code, 3, 'nothing that is started again and again');
  assert.match(stderr, /this server has had a ledger\. Bring back the newest copy/);
  assert.deepEqual(readdirSync(data).sort(), before, 'nothing was made');

  renameSync(aside, line.server.ledger);
  await line.startServer();
  assert.equal(await line.stopServer(), 0);
  await verifyLedger(line);
});

test('what a server can make again it makes again', async (t) => {
  const line = await runningLine(t);
  await serve(t, line, 'bridge-a-1', 'DAMAGED01');
  const data = dirname(line.server.ledger);
  assert.equal(await line.stopServer(), 0);
  for (const file of ['journals.db', 'views.db', 'tiles.db']) writeFileSync(join(data, file), GARBAGE);
  await line.startServer();
  await until('the log to say why', () => /journals\.db is made again from the whole ledger: .*not a database/.test(readFileSync(line.log('server'), 'utf8')));
  assert.match(readFileSync(line.log('server'), 'utf8'), /the views are made again from the whole ledger: .*views\.db: .*not a database/);
  await line.agentOnline('bridge-a-1');
  await serve(t, line, 'bridge-a-1', 'DAMAGED02');
  const { size } = await verifyLedger(line);
  assert.ok(size >= 5, `${size} entries`);  // the edition, two shifts begun, two passages
});

test('an agent names the file that is damaged and what to do', async (t) => {
  const line = await runningLine(t);
  const agent = 'bridge-a-1';
  await serve(t, line, agent, 'DAMAGED03');
  const data = join(dirname(line.agent(agent).config), 'data');
  const replica = join(data, 'replica.db');
  const persons = async () => Number((await query(replica, 'SELECT count(*) FROM person'))[0][0]);
  await until('the replica to have the person', async () => (await persons()) === 1);
  assert.equal(await line.stopAgent(agent), 0);
  for (const [file, words] of [['journal.db', /journal\.db: file is not a database.*never begin a new journal under the same key/], ['replica.db', /replica\.db: file is not a database.*take it out of the folder and start again/]]) {
    renameSync(join(data, file), join(data, `${file}.good`));
    writeFileSync(join(data, file), GARBAGE);
    const { code, stdout, stderr } = await execute('crossline-agent', ['run', '--config', line.agent(agent).config], { limitMs: 20_000 });
    assert.equal(code, 1, stderr);
    assert.equal(stdout, '', 'no station');
    assert.match(stderr, words);
    renameSync(join(data, file), join(line.dir, `damaged-${file}`));
    if (file === 'journal.db') renameSync(join(data, `${file}.good`), join(data, file));
  }
  // The replica was taken out, as it was told.
  await line.startAgent(agent);
  await until('the server to have sent it anew', async () => (await persons()) === 1, { programs: line.programs });
});

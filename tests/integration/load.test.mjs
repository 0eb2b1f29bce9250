// The load generator against a real server: what a seed and a table of volumes mean, and which tables it refuses.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { entries } from './support/ledger.mjs';
import { execute, quietLine, verifyLedger } from './support/programs.mjs';

const HEAD = 'Date,Control Point,Arrival / Departure,Total';
const load = (line, ...options) => execute('crossline', ['load', '--pki', join(line.dir, 'pki'), '--server', `127.0.0.1:${line.server.agentsPort}`, '--batch', '20', '--json', ...options]);

// The pseudonyms of a load's movements, in each journal's own order.
async function movements(t, seed) {
  const line = await quietLine(t, { extraAgents: 2 });
  await line.startServer();
  const { code, stdout, stderr } = await load(line, '--events', '60', '--people', '10', '--seed', String(seed));
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout).events, 60);
  await line.stopServer();
  assert.ok((await verifyLedger(line)).clean);
  const told = (await entries(line.server.ledger)).filter(({ agent }) => agent.startsWith('load-'));
  return told.sort((a, b) => a.agent.localeCompare(b.agent) || a.journalIndex - b.journalIndex).map(({ agent, movement }) => `${agent} ${movement.subject} ${movement.outcome}`);
}

test('the same seed gives the same movements, another one others', async (t) => {
  const [first, again] = [await movements(t, 7), await movements(t, 7)];
  assert.equal(first.length, 60);
  assert.deepEqual(again, first);
  assert.notDeepEqual(await movements(t, 8), first);
});

test('a day of a table shapes the load', async (t) => {
  const line = await quietLine(t, { extraAgents: 2 });
  await line.startServer();
  const csv = join(line.dir, 'volumes.csv');
  // Rows go to the agents in turn: the third one to the first again.
  writeFileSync(csv, `${HEAD}\n01-01-2021,Bridge,Arrival,1\n02-01-2021,Bridge,Arrival,20\n02-01-2021,Valley,Arrival,25\n02-01-2021,Hill,Departure,55\n`);
  const acks = join(line.dir, 'acks');
  const { code, stderr } = await load(line, '--events', '100', '--volumes', csv, '--acks', acks);
  assert.equal(code, 0, stderr);
  const told = readFileSync(acks, 'utf8').trim().split('\n').map((row) => row.split(' ')[0]);
  const of = (agent) => told.filter((one) => one === agent).length;
  assert.deepEqual([of('load-01'), of('load-02')], [75, 25]);

  for (const [file, words] of [[join(line.dir, 'nowhere/acks'), /^crossline: .*nowhere\/acks: No such file/], [line.dir, /: Is a directory/]]) {
    const refused = await load(line, '--events', '100', '--acks', file);
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, words);
  }
  for (const [text, words, ...options] of [
    ['Date,Total\n', /volumes\.csv: line 1: there is no column 'Control Point'/],
    [`${HEAD}\n01-01-2021,Bridge,Arrival,many\n`, /volumes\.csv: line 2: the total is not a whole number/],
    [`${HEAD}\n01-01-2021,Bridge,Arrival,0\n`, /volumes\.csv: nobody crossed on 01-01-2021/],
    [`${HEAD}\n01-01-2021,Bridge,Arrival,1\n`, /volumes\.csv: the file holds no day '2021-01-01' \(days are written DD-MM-YYYY\)/, '--day', '2021-01-01'],
  ]) {
    writeFileSync(csv, text);
    const refused = await load(line, '--events', '100', '--volumes', csv, ...options);
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, words);
  }
});

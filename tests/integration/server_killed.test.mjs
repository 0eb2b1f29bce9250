// The server is killed without a word 30 times while live scans and a backlog come in. What it had acknowledged is written down outside
// as it arrives; afterwards all of it stands in the ledger, where it was said to stand, once.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Program, until } from '../../scripts/lib/processes.mjs';
import { entries, sizesOfJournals } from './support/ledger.mjs';
import { atEnd, bin, quietLine, verifyLedger } from './support/programs.mjs';

const KILLS = 30;

// Each line that `crossline load` wrote when an answer came: agent, journal index, ledger index.
const acknowledged = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean).map((row) => row.split(' ')).map(([agent, journal, ledger]) => ({ agent, journal: Number(journal), ledger: Number(ledger) }));

test(`${KILLS} kills under load`, async (t) => {
  const line = await quietLine(t, { extraAgents: 12 });
  // Evenly spaced and more than enough, so that something is on the way at every kill.
  const load = (name, agents, ...options) => ({ acks: join(line.dir, `${name}.acks`), program: new Program(name, join(bin, 'crossline'), ['load', '--pki', join(line.dir, 'pki'),
    '--server', `127.0.0.1:${line.server.agentsPort}`, '--agents', agents, '--acks', join(line.dir, `${name}.acks`), '--reconnect-for', '200000', '--quiet', ...options], line.log(name)) });
  await line.startServer();
  const loads = [load('live', 'load-1', '--batch', '1', '--rate', '60', '--events', '12000', '--identities'), load('backlog', 'load-0', '--count', '2', '--batch', '40', '--rate', '10', '--events', '30000')];
  atEnd(t, () => Promise.all(loads.map(({ program }) => program.kill())));
  const programs = loads.map(({ program }) => program);
  const counted = ({ acks }) => { try { return acknowledged(acks).length; } catch { return 0; } };
  await until('both loads to be answered', () => loads.every((one) => counted(one) > 0), { programs });

  const answered = () => loads.reduce((sum, one) => sum + counted(one), 0);
  const progress = [];
  for (let kill = 0; kill < KILLS; ++kill) {
    // Every other kill comes after an answer of this start, however slow the machine is; the others wherever they fall, the start included.
    if (kill % 2 === 0) await until('an answer since the last kill', () => answered() > (progress.at(-1) ?? 0), { programs });
    await wait(40 + (kill * 37) % 240);
    for (const { program } of loads) assert.equal(program.ended, null, `${program.name} goes on`);
    assert.equal(await line.killServer(), 'SIGKILL');
    progress.push(answered());
    await line.startServer();
  }
  await until('answers after the last kill', () => answered() > progress.at(-1), { programs });
  await Promise.all(programs.map((program) => program.stop()));
  assert.equal(await line.stopServer(), 0);
  assert.ok(new Set(progress).size >= KILLS / 2, `something was acknowledged between half of the kills: ${progress.join(' ')}`);

  const ledger = await entries(line.server.ledger);
  const sizes = sizesOfJournals(ledger);  // none doubled, none left out
  const told = new Map();
  for (const { acks } of loads) {
    for (const { agent, journal, ledger: place } of acknowledged(acks)) {
      const key = `${agent} ${journal}`;
      assert.equal(told.get(key) ?? place, place, `${key} was told two places`);
      told.set(key, place);
      const found = ledger[place];
      assert.ok(found && found.agent === agent && found.journalIndex === journal, `${key} was acknowledged as entry ${place} and is not there`);
    }
  }
  const verified = await verifyLedger(line);
  assert.equal(verified.size, ledger.length);
  const [, size, replayed] = readFileSync(line.log('server'), 'utf8').match(/(\d+) ledger entries, (\d+) of them replayed(?![^]*of them replayed)/);
  assert.ok(Number(replayed) < Number(size), `the last start replayed ${replayed} of ${size} entries, all that the starts before it had replayed too`);
  t.diagnostic(`${told.size} acknowledged, ${ledger.length} in the ledger, journals ${[...sizes].map(([agent, size]) => `${agent} ${size}`).join(', ')}`);
});

// The disk of the server is full, and that of an agent: a clear word, reading goes on, nothing is acknowledged that is not kept, and all goes
// on when there is room again. On a tmpfs of the test's own.
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Office, probe, Station } from '../../scripts/lib/clients.mjs';
import { Program, until } from '../../scripts/lib/processes.mjs';
import { noDiskHere, SmallDisk } from './support/disk.mjs';
import { passport } from './support/documents.mjs';
import { entries, passagesShown, sizesOfJournals } from './support/ledger.mjs';
import { atEnd, bin, quietLine, verifyLedger } from './support/programs.mjs';

// The data folder of a configuration, moved to the small disk.
function moveData(config, dir) {
  writeFileSync(config, readFileSync(config, 'utf8').replace(/^data.*$/m, `data = "${dir}"`));
}

test('the disk of the server is full', { skip: noDiskHere }, async (t) => {
  const disk = await SmallDisk.mount(t, 80);
  const line = await quietLine(t, { extraAgents: 2 });
  copyFileSync(join(dirname(line.server.config), 'data/accounts.db'), join(disk.dir, 'accounts.db'));
  moveData(line.server.config, disk.dir);
  line.server.ledger = join(disk.dir, 'ledger.db');
  const acks = join(line.dir, 'load.acks');
  const acknowledged = () => { try { return readFileSync(acks, 'utf8').split('\n').filter(Boolean).map((row) => row.split(' ')); } catch { return []; } };
  await line.startServer();
  const { agent, url } = line.post('bridge', 'A');
  await line.startAgent(agent);
  const station = new Station(url);
  atEnd(t, () => station.close());
  await station.startShift(line.officer.id, line.officer.pin, 'exit');
  const serve = (number) => station.serve([{ text: passport({ number }), category: 'resident_a' }]);
  const office = new Office(line.server.url, line.server.ca);
  atEnd(t, () => office.close());
  const { name, password } = line.account('supervisor', 'A');
  await office.signIn(name, password);
  const ready = () => probe(https, `${line.server.url}/readyz`, { ca: line.server.ca });

  const load = new Program('load', join(bin, 'crossline'), ['load', '--pki', join(line.dir, 'pki'), '--server', `127.0.0.1:${line.server.agentsPort}`, '--agents', 'load-',
    '--batch', '200', '--rate', '5', '--events', '40000', '--acks', acks, '--reconnect-for', '200000', '--quiet'], line.log('load'));
  atEnd(t, () => load.kill());
  await until('the load to be answered', () => acknowledged().length > 0, { programs: [load] });
  assert.equal((await serve('FULL00001')).decided, 'online');

  disk.fill();
  let told = 0;
  await t.test('it says so and is not ready', async () => {
    await until('readyz to say 503', async () => { const now = await ready(); disk.fill(); return now === 503; });
    await until('the log to say why', () => /stopping to record: storage_full/.test(readFileSync(line.log('server'), 'utf8')));
    // What it had answered before may still be on its way.
    await until('the last answers to arrive', async () => { const before = acknowledged().length; await wait(500); told = acknowledged().length; return told === before; });
  });
  await t.test('people go on reading', async () => {
    const { status, body } = await office.raw('GET', '/api/v1/overview');
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal((await office.raw('GET', '/healthz')).status, 200);
  });
  await t.test('what cannot be recorded is not shown: a look-up', async () => {
    const { status, body } = await office.raw('POST', '/api/v1/lookups', { scan: passport({ number: 'FULL00001' }), purpose: 'list_review', case_number: 'CASE-1' });
    assert.equal(status, 503, JSON.stringify(body));
    assert.ok(!JSON.stringify(body).includes('SPECIMEN'));
  });
  await t.test('the posts go on by themselves', async () => {
    await until('the post to be offline', async () => (await station.state()).connection.state !== 'online');
    const result = await serve('FULL00002');
    assert.deepEqual([result.verdict, result.decided], ['allow', 'offline']);
  });
  await t.test('nothing is acknowledged meanwhile', () => assert.equal(acknowledged().length, told));
  await t.test('room that goes away again while it recovers', async () => {
    const begun = () => readFileSync(line.log('server'), 'utf8').split('there is room on the disk again').length;
    disk.clear();
    await until('the recovery to begin', () => begun() > 1, { everyMs: 5 });
    disk.fill();
    await wait(1500);
    assert.equal(line.programs[0].ended, null, 'it waits on');
  });
  await t.test('with room again it recovers by itself', async () => {
    disk.clear();
    await until('readyz to say 200', async () => (await ready()) === 200);
    await until('the load to be answered again', () => acknowledged().length > told, { programs: [load] });
    await until('the post to be caught up', async () => { const now = await station.state(); return now.connection.state === 'online' && now.queue.count === 0; });
    await load.stop();  // what it still has to catch up with would only slow down a small machine
    let people = 0;
    await until('the server to decide again', async () => (await serve(`AGAIN${String(people++).padStart(4, '0')}`)).decided === 'online', { everyMs: 500 });
    assert.equal((await office.raw('POST', '/api/v1/lookups', { scan: passport({ number: 'FULL00002' }), purpose: 'list_review', case_number: 'CASE-1' })).status, 201);
  });
  await t.test('everything that was acknowledged is there, once', async () => {
    assert.equal(await line.stopAgent(agent), 0);
    assert.equal(await line.stopServer(), 0);
    const ledger = await entries(line.server.ledger);
    sizesOfJournals(ledger);
    for (const [by, journal, place] of acknowledged()) {
      assert.deepEqual([ledger[place]?.agent, ledger[place]?.journalIndex], [by, Number(journal)], `${by} ${journal} at ${place}`);
    }
    await verifyLedger(line);
  });
});

test('the disk of an agent is full', { skip: noDiskHere }, async (t) => {
  const disk = await SmallDisk.mount(t, 8);
  const line = await quietLine(t);
  const { agent, url, config } = line.post('bridge', 'A');
  moveData(config, disk.dir);
  await line.startServer();
  await line.startAgent(agent);
  const station = new Station(url);
  atEnd(t, () => station.close());
  await station.startShift(line.officer.id, line.officer.pin, 'exit');
  const shown = [];
  let people = 0;
  const serve = async () => {
    const result = await station.serve([{ text: passport({ number: `SMALL${String(people++).padStart(4, '0')}` }), category: 'resident_a' }]);
    assert.equal(result.outcome, 'passed');
    shown.push(result.journalIndex);
  };
  await serve();

  await t.test('nothing is shown as done that is not kept', async () => {
    disk.fill();
    const failed = await until('the journal to be refused', async () => {
      try { await serve(); disk.fill(); return null; } catch (error) { if (error.status) return error; throw error; }
    });
    assert.deepEqual([failed.status, failed.code], [503, 'storage_full']);
  });
  await t.test('the page says why, and takes no scan', async () => {
    const { recording, alarms } = await station.state();
    assert.deepEqual(recording, { ok: false, code: 'storage_full' });
    assert.ok(alarms === undefined || Array.isArray(alarms));
    await assert.rejects(serve(), { status: 503, code: 'storage_full' });
  });
  await t.test('with room again it goes on by itself', async () => {
    disk.clear();
    await until('recording', async () => (await station.state()).recording.ok, { limitMs: 10_000 });
    await serve();
  });
  await t.test('the ledger has what was shown, once', async () => {
    await until('the queue to be empty', async () => (await station.state()).queue.count === 0);
    assert.equal(await line.stopAgent(agent), 0);
    assert.equal(await line.stopServer(), 0);
    const ledger = await entries(line.server.ledger);
    sizesOfJournals(ledger);
    const own = passagesShown(ledger, agent, shown);
    const passed = own.filter(({ movement }) => movement?.outcome === 1).map(({ movement }) => movement.subject);
    assert.equal(new Set(passed).size, passed.length, 'nobody passed twice');
    await verifyLedger(line);
  });
});

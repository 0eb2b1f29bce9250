// The slip on paper under the eyes of a reader that shares no code with us: the page as a browser draws it, read by Debian's
// zbar, taken at the post of the other side while that post has no link to anybody.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Office, Station } from '../../scripts/lib/clients.mjs';
import { passport } from './support/documents.mjs';
import { atEnd, execute, quietLine, scratch } from './support/programs.mjs';

const PAPER = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--window-size=400,800', '--force-device-scale-factor=3'];

async function photograph(url, file, folder) {
  const drawn = await execute('chromium', [...PAPER, `--user-data-dir=${folder}`, `--screenshot=${file}`, url]);
  assert.equal(drawn.code, 0, drawn.stderr);
}
const read = (file) => execute('zbarimg', ['--quiet', '--raw', '--nodbus', '-Sdisable', '-Sqrcode.enable', file]);

test('the code on the printed slip is read by zbar and believed at the other side', async (t) => {
  const line = await quietLine(t);
  const here = line.post('bridge', 'A');
  const there = line.post('bridge', 'B');
  await line.startServer();
  await line.startAgent(here.agent);
  await line.startAgent(there.agent);  // it learns the edition in force
  await line.stopAgent(there.agent);
  const station = new Station(here.url);
  atEnd(t, () => station.close());
  await station.startShift(line.officer.id, line.officer.pin, 'exit');
  const served = await station.serve([{ text: passport({ number: 'SLIP00001' }), category: 'resident_a' }]);
  assert.equal(served.outcome, 'passed');
  const slip = await station.call('GET', `/slips/${served.journalIndex}`);

  const folder = scratch(t);
  for (const language of ['en', 'ru', 'hy', 'az', 'fr']) {
    const picture = join(folder, `${language}.png`);
    await photograph(`${here.url}/slip/${served.journalIndex}?language=${language}`, picture, join(folder, 'chromium'));
    const seen = await read(picture);
    assert.equal(seen.code, 0, seen.stderr);
    assert.equal(seen.stdout.trimEnd(), slip.text, language);
  }

  // What is printed on it finds the person, for either side's supervisor.
  const paper = await (await fetch(`${here.url}/slip/${served.journalIndex}`)).text();
  const [, reference] = /class="reference">([^<]+)</.exec(paper);
  const office = new Office(line.server.url, line.server.ca);
  atEnd(t, () => office.close());
  const { name, password } = line.account('supervisor', 'B');
  await office.signIn(name, password);
  const contested = { purpose: 'complaint', case_number: 'C-17' };
  const person = await office.call('POST', '/lookups', { ...contested, reference });
  assert.equal(person.found, true);
  const { records } = await office.call('POST', '/timelines', { subject: person.subject, lookup_index: person.ledger_index });
  assert.ok(records.some(({ agent, journal_index: index }) => agent === here.agent && index === served.journalIndex), JSON.stringify(records));
  await assert.rejects(office.call('POST', '/lookups', { ...contested, reference: reference.replace(/.$/, (last) => (last === '0' ? '1' : '0')) }), /wrong_reference/);
  await assert.rejects(office.call('POST', '/lookups', { ...contested, reference: `${here.agent}/9999/0000` }), /unknown_reference/);

  await line.stopServer();
  await line.startAgent(there.agent, { online: false });
  const other = new Station(there.url);
  atEnd(t, () => other.close());
  await other.startShift(line.officer.id, line.officer.pin, 'entry');
  const scanned = (await read(join(folder, 'en.png'))).stdout.trimEnd();
  assert.equal((await other.call('POST', '/slips', { text: scanned })).outcome, 'learnt');
  assert.equal((await other.call('POST', '/slips', { text: scanned })).outcome, 'known');
  const bad = scanned.slice(0, 400) + (scanned[400] === 'A' ? 'B' : 'A') + scanned.slice(401);
  const altered = await other.call('POST', '/slips', { text: bad });
  assert.ok(['bad_signature', 'malformed', 'foreign', 'unknown_agent'].includes(altered.outcome), altered.outcome);
});

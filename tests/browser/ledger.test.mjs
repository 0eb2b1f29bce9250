// The ledger as people see it, and a person's record proven in the browser: against an honest server, and against answers
// that are altered on their way.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { alter, inspect, openBrowser, shows } from './support/browser.mjs';
import { Desk } from './support/desk.mjs';
import { passport } from './support/documents.mjs';
import { openLine } from './support/line.mjs';
import { OfficePage } from './support/office.mjs';
import { serveTravellers } from './support/traffic.mjs';

const traveller = { issuer: 'XAA', number: 'A9000001', primary: 'JUNIPER', secondary: 'ANTARES' };
const kSteps = ['keys', 'record', 'journal', 'ledger', 'head', 'witnesses', 'memory'];
const notSignedIn = [/status of 401/];

let line;
let browser;

before(async () => {
  line = await openLine();
  browser = await openBrowser();
  await serveTravellers(line, 30);
  const desk = await Desk.open(browser, line.post('bridge', 'A').url);
  await desk.startShift(line.officer, 'exit');
  await desk.serve(passport(traveller));
  await desk.page.context().close();
});
after(async () => {
  await browser?.close();
  await line?.close();
});

const inOffice = (name, role, body, options = {}) => test(name, async () => {
  const office = await OfficePage.of(browser, line, role, { expected: notSignedIn, ...options });
  try {
    await body(office);
    assert.deepEqual(office.page.complaints, []);
  } finally { await office.page.context().close(); }
});

const base64 = (text, change) => {
  const bytes = Buffer.from(text, 'base64');
  change(bytes);
  return bytes.toString('base64');
};

// Asks until what the office shows is settled.
async function untilSettled(office) {
  await office.go('ledger');
  const counts = office.page.locator('ul.counts b');
  await office.page.waitForFunction(() => {
    const [entries, settled] = [...document.querySelectorAll('ul.counts b')].map((one) => one.textContent);
    return entries && entries === settled;
  });
  return Number((await counts.first().innerText()).replaceAll(',', ''));
}

describe('the ledger page', () => {
  inOffice('says head, size, cosigners and times, and what is settled', 'negotiator', async (office) => {
    const size = await untilSettled(office);
    const head = await office.page.evaluate(async () => (await fetch('/api/v1/ledger')).json());
    assert.equal(head.settled.head.size, size);
    const card = office.page.locator('main section.card').first();
    for (const words of ['Settled', head.settled.head.root, `${line.line}/ledger`]) await shows(card, words);
    const rows = await office.table('Newest head: Cosigned by');
    assert.deepEqual(Object.keys(rows).sort(), [`${line.line}/witness-a`, `${line.line}/witness-b`]);
    for (const [at] of Object.values(rows)) assert.match(at, /^\d+ \w+ \d{4}, \d\d:\d\d:\d\d$/);
    await card.locator('summary', { hasText: 'byte for byte' }).click();
    assert.equal((await card.locator('pre').innerText()).trimEnd(), head.settled.note.trimEnd());
    await shows(office.page.locator('.checked'), 'The ledger still begins with what this browser saw before');
    await office.page.locator('.checked li[data-step=memory]:is([data-state=open], [data-state=proven])').waitFor();
    await office.page.reload();
    await office.page.locator('.checked li[data-step=memory][data-state=proven]').waitFor();
    assert.deepEqual(await states(office.page.locator('.checked')), { keys: 'proven', head: 'proven', witnesses: 'proven', memory: 'proven' });
  });

  inOffice('a head that its witness did not sign is told', 'supervisor', async (office) => {
    await alter(office.page, /\/ledger$/, (answer) => {
      for (const head of [answer.newest, answer.settled]) head.note = head.note.replace(/(witness-b [A-Za-z0-9+/]{60})(.)/, (_, before_, c) => before_ + (c === 'A' ? 'B' : 'A'));
    });
    await office.go('ledger');
    await office.page.locator('.checked li[data-step=witnesses][data-state=failed]').waitFor();
    await shows(office.page.locator('.checked [role=alert]'), 'auditors');
  });

  test('without its witnesses everything is provisional, and said to be so', async () => {
    const alone = await openLine();
    try {
      await alone.stopServer();
      await Promise.all(alone.witnesses.map(({ party }) => alone.stopWitness(party)));
      rmSync(join(alone.dir, 'server/data/settled'), { force: true });  // as if no witness had ever been there
      await alone.startServer();
      const office = await OfficePage.of(browser, alone, 'supervisor', { expected: notSignedIn });
      await office.go('ledger');
      await shows(office.page.locator('main [role=status]'), 'Nothing is settled now');
      await shows(office.page.locator('main section.card').first(), 'No witness has cosigned this head yet');
      await inspect(office.page, 'office_ledger_provisional');
      for (const page of ['line', 'statistics', 'between']) {
        await office.go(page);
        await shows(office.page.locator('.as-of'), 'Provisional');
      }
      await office.page.context().close();
    } finally { await alone.close(); }
  });
});

const states = (within) => within.locator('li[data-step]').evaluateAll((steps) => Object.fromEntries(steps.map((step) => [step.dataset.step, step.dataset.state])));

describe('verify on a person’s record', () => {
  // Looks the traveller up and verifies the passage; `before` may come between what is answered and what is asked.
  async function verify(office, beforeLookUp = async () => {}) {
    await untilSettled(office);
    await beforeLookUp(office.page);
    await office.lookUp(traveller);
    const record = office.page.locator('main ol > li', { hasText: 'Passed' }).first();
    await record.getByRole('button', { name: 'Verify' }).click();
    const evidence = record.locator('.evidence');
    await evidence.locator('.notice').last().waitFor();
    return { record, evidence, states: await states(evidence) };
  }

  inOffice('walks from the page to the witnesses, computing every hash itself', 'supervisor', async (office) => {
    const { record, evidence, states: first } = await verify(office);
    assert.deepEqual(Object.keys(first), kSteps);
    assert.ok(Object.values(first).every((state) => state === 'proven' || state === 'open'), JSON.stringify(first));
    await record.getByRole('button', { name: 'Verify again' }).click();
    await shows(evidence.locator('.notice'), 'Proven: the post recorded this');
    assert.deepEqual(await states(evidence), Object.fromEntries(kSteps.map((step) => [step, 'proven'])));
    for (const details of await evidence.locator('details').all()) await details.locator('summary').click();
    for (const words of ['Passed'.toLowerCase(), line.officer.id, 'bridge-a-1', 'Leaf hash (SHA-256)', 'the same as stated']) await shows(evidence, words);
    await inspect(office.page, 'office_evidence_proven');
    const head = await office.page.evaluate(async () => (await (await fetch('/api/v1/ledger')).json()).settled.head);
    assert.ok(JSON.parse(await office.page.evaluate((name) => localStorage.getItem(`crossline.evidence.${name}.head`), line.line)).size >= head.size);
    const stored = await office.page.evaluate(() => JSON.stringify({ ...localStorage }));
    assert.ok(!/JUNIPER|A9000001|[0-9a-f]{32}/.test(stored), 'what the browser keeps tells nothing about anybody');
  });

  inOffice('every kind of record of a person verifies', 'supervisor', async (office) => {
    await office.lookUp(traveller);
    for (const [button, next] of [['Put on list: hold', 'Take off list: hold'], ['Take off list: hold', 'Put on list: hold']]) {
      await office.page.getByRole('button', { name: button }).click();
      await office.page.getByLabel('Reason').fill('C-2026-121');
      await office.page.getByRole('button', { name: 'Sign and record' }).click();
      await office.page.getByRole('button', { name: next }).waitFor();
    }
    const records = office.page.locator('main section.card > ol > li');
    const count = await records.count();
    assert.ok(count >= 4);
    for (let i = 0; i < count; i++) {
      await records.nth(i).getByRole('button', { name: 'Verify' }).click();
      await records.nth(i).locator('.evidence .notice').waitFor();
      const found = await states(records.nth(i).locator('.evidence'));
      assert.ok(Object.values(found).every((state) => state === 'proven' || state === 'open'), `${await records.nth(i).innerText()}`);
    }
  });

  const tampered = {
    'a verdict that the timeline shows otherwise': ['record', 'The entry says something else', /\/timelines$/, (answer) => {
      const record = answer.records.find((one) => one.movement);
      record.movement.post_judgement.verdict = 'refuse';
    }],
    'a record in the place of another': ['record', 'The entry says something else', /\/timelines$/, (answer) => {
      const record = answer.records.find((one) => one.movement);
      const other = answer.records.find((one) => one !== record);
      [record.ledger_index, other.ledger_index] = [other.ledger_index, record.ledger_index];
    }],
    'the post’s signature': ['journal', 'The post’s signature does not fit', /\/journal$/, (answer) => { answer.signature = base64(answer.signature, (bytes) => { bytes[5] ^= 1; }); }],
    'a hash on the way to the ledger’s root': ['ledger', 'The entry does not lead to the root', /\/proof\/\d+$/, (answer) => { answer.hashes[0] = base64(answer.hashes[0], (bytes) => { bytes[0] ^= 1; }); }],
    'the signed head': ['head', 'The ledger’s signature does not verify', /\/proof\/\d+$/, (answer) => { answer.note = answer.note.replace(/(ledger [A-Za-z0-9+/]{30})(.)/, (_, before_, c) => before_ + (c === 'A' ? 'B' : 'A')); }],
    'a cosignature that is taken away': ['witnesses', 'The server calls it settled', /\/proof\/\d+$/, (answer) => { answer.note = answer.note.split('\n').filter((text) => !text.includes('witness-b')).join('\n'); }],
    'the history since this browser last looked': ['memory', 'The newest head does not continue', /\/consistency$/, (answer) => { answer.hashes[answer.hashes.length - 1] = base64(answer.hashes.at(-1), (bytes) => { bytes[9] ^= 1; }); }],
  };
  for (const [what, [step, reason, path, change]] of Object.entries(tampered)) {
    inOffice(`altered on its way: ${what} fails at "${step}"`, 'supervisor', async (office) => {
      const { evidence, states: found } = await verify(office, (page) => alter(page, path, change));
      assert.equal(found[step], 'failed', JSON.stringify(found));
      const at = kSteps.indexOf(step);
      assert.ok(kSteps.slice(0, at).every((one) => found[one] === 'proven' || found[one] === 'open'), JSON.stringify(found));
      assert.ok(kSteps.slice(at + 1).every((one) => found[one] === 'unreached'), JSON.stringify(found));
      await shows(evidence.locator(`li[data-step=${step}]`), reason);
      await shows(evidence.locator('[role=alert]'), 'Not proven');
      if (step === 'record') await inspect(office.page, 'office_evidence_failed');
    });
  }

  inOffice('a record that the server gives twice is shown twice and told, and each copy can be verified', 'supervisor', async (office) => {
    await untilSettled(office);
    await alter(office.page, /\/timelines$/, (answer) => {
      const at = answer.records.findIndex((one) => one.movement);
      const copy = structuredClone(answer.records[at]);
      copy.movement.outcome = 'refused';
      answer.records.splice(at, 0, copy);
    });
    await office.lookUp(traveller);
    await shows(office.page.locator('main [role=alert]'), /same record more than once[^]*say different things/);
    await inspect(office.page, 'office_record_twice');
    const records = office.page.locator('main section.card > ol > li');
    for (const [outcome, result] of [['Refused', 'Not proven'], ['Passed', /Nothing is wrong|Proven/]]) {
      const record = records.filter({ has: office.page.locator('.title', { hasText: outcome }) });
      await record.getByRole('button', { name: 'Verify' }).click();
      await shows(record.locator('.evidence .notice'), result);
    }
  });

  inOffice('other keys than before are refused until a person takes them', 'supervisor', async (office) => {
    await verify(office);
    await alter(office.page, /\/keys$/, (answer) => { [answer.agents[0].key, answer.agents[1].key] = [answer.agents[1].key, answer.agents[0].key]; });
    const { evidence, states: found } = await verify(office);
    assert.equal(found.keys, 'failed');
    await shows(evidence, 'The server gives other keys than before');
    await evidence.getByRole('button', { name: 'use the new keys' }).click();
    await evidence.locator('li[data-step=journal][data-state=failed]').waitFor();
  });

  inOffice('an answer that does not come proves nothing', 'supervisor', async (office) => {
    const { evidence } = await verify(office, (page) => page.route(/\/ledger\/keys$/, (route) => route.abort()));
    await shows(evidence.locator('[role=alert]'), 'nothing is proven');
    office.page.complaints.splice(0);
  });
});

// The office: who may see what, a person's history, the figures. Real server, real agents, a real browser.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, test } from 'node:test';
import { openBrowser, shows } from './support/browser.mjs';
import { Desk } from './support/desk.mjs';
import { daysFromNow, passport } from './support/documents.mjs';
import { openLine } from './support/line.mjs';
import { OfficePage } from './support/office.mjs';
import { serveTravellers } from './support/traffic.mjs';

// Nobody else has these documents.
const stranded = { issuer: 'XAA', number: 'A9000001', primary: 'JUNIPER', secondary: 'ANTARES' };
const expired = { issuer: 'XAA', number: 'A9000002', primary: 'JUNIPER', secondary: 'ADHARA', expiry: daysFromNow(-20) };

let line;
let browser;
let recount;

// The demo's procedure with a quota that counts every exit, and an article that asks for notice of nobody who comes by.
const extended = `
[quota.exits]
text       = { en = "Exits of a day", ru = "Выходы за день" }
direction  = "exit"
per_day    = 500

[[article]]
id         = "9(1)"
text       = "Whoever is a hundred and ten years old is announced two days before."
applies_to = { age_at_least = 110 }
require    = { notified = { hours_before = 48, objection_within = 24 } }
otherwise  = "refuse"
`;

before(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crossline-procedure-'));
  const procedure = join(folder, 'procedure.toml');
  writeFileSync(procedure, readFileSync(fileURLToPath(new URL('../../procedures/demo.toml', import.meta.url)), 'utf8') + extended);
  line = await openLine({ options: ['--procedure', procedure] });
  rmSync(folder, { recursive: true });
  browser = await openBrowser();
  ({ recount } = await serveTravellers(line, 80));
  const desk = await Desk.open(browser, line.post('bridge', 'A').url);
  await desk.startShift(line.officer, 'exit');
  const direction = 'exit';
  for (const [person, verdict, outcome, articles] of [[stranded, 'allow', 'passed', ['1(1)']], [expired, 'refuse', 'refused', ['2(2)']]]) {
    await desk.serve(passport(person));
    recount.add({ traveller: person, side: 'A', direction, result: { verdict, outcome, articles } });
  }
  await desk.page.context().close();
});
after(async () => {
  await browser?.close();
  await line?.close();
});

// Opens the office, runs the body and holds the browser's complaints against what the body expects.
const inOffice = (name, role, body, options) => test(name, async () => {
  const office = role ? await OfficePage.of(browser, line, role, options) : await OfficePage.open(browser, line, options);
  try {
    await body(office);
    assert.deepEqual(office.page.complaints, []);
  } finally { await office.page.context().close(); }
});
const unauthorized = /status of 401/;  // the page asks who is signed in before anybody is
const notSignedIn = { expected: [unauthorized] };

describe('signing in', () => {
  inOffice('what is missing is named at its field', null, async ({ page }) => {
    await page.locator('form .button').click();
    await shows(page.locator('#name-error'), 'Enter your name');
    await shows(page.locator('#password-error'), 'Enter your password');
    assert.equal(await page.locator('#name').getAttribute('aria-invalid'), 'true');
  }, notSignedIn);

  inOffice('a wrong password and an unknown name get the same words', null, async (office) => {
    const said = [];
    for (const one of [{ name: line.account('supervisor').name, password: 'wrong' }, { name: 'nobody', password: 'wrong' }]) {
      const answered = office.page.waitForResponse((answer) => answer.request().method() === 'POST');
      await office.signIn(one);
      assert.equal((await answered).status(), 401);
      await shows(office.page.locator('[role=alert]'), 'Name and password do not fit.');
      said.push(await office.page.locator('[role=alert]').innerText());
      assert.equal(await office.page.locator('#password').inputValue(), '');
    }
    assert.equal(said[0], said[1]);
  }, notSignedIn);

  inOffice('too many attempts have to wait, and the right password too', null, async (office) => {
    const { name, password } = line.account('auditor');
    for (let i = 0; i < 10; i++) {
      await office.signIn({ name, password: `wrong-${i}` });
      await office.page.waitForFunction(() => document.querySelector('#password').value === '' && !document.querySelector('form .button').disabled);
    }
    await office.signIn({ name, password });
    await shows(office.page.locator('[role=alert]'), /Too many failed attempts\. Try again in \d+ s/);
  }, { expected: [unauthorized, /status of 429/] });

  inOffice('signing out ends it everywhere', null, async (office) => {
    await office.signIn(line.account('shift_lead'));
    await office.go('between');
    const other = await office.page.context().newPage();
    await other.goto(line.server.url);
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.locator('#name').waitFor();
    await office.page.reload();
    await office.page.locator('#name').waitFor();
  }, notSignedIn);
});

describe('the end of a session', () => {
  inOffice('a session that the server has ended asks to sign in again and shows nothing more', 'supervisor', async (office) => {
    await office.go('between');
    await office.page.context().clearCookies();
    await shows(office.page.locator('[role=status]'), 'Your session has ended');
    assert.equal(await office.page.locator('table').count(), 0);
  }, notSignedIn);

  test('fifteen minutes without use clear the screen by themselves', async () => {
    const office = await OfficePage.open(browser, line, notSignedIn);
    await office.page.clock.install();
    await office.page.reload();
    await office.signIn(line.account('supervisor'));
    await office.lookUp(stranded);
    await shows(office.page.locator('main'), 'JUNIPER');
    await office.page.clock.fastForward('14:30');
    await shows(office.page.locator('main [role=status]'), 'Your session ends in less than a minute');
    await office.page.clock.fastForward('00:40');
    await shows(office.page.locator('[role=status]'), 'Your session has ended');
    assert.ok(!(await office.page.locator('body').innerText()).includes('JUNIPER'));
    await office.page.context().close();
  });
});

describe('the role decides what is seen', () => {
  const offered = {
    supervisor: ['line', 'find', 'between', 'cases', 'closures', 'quotas', 'statistics', 'procedure', 'ledger'],
    shift_lead: ['line', 'between', 'closures', 'quotas', 'statistics', 'procedure', 'ledger'],
    negotiator: ['line', 'closures', 'quotas', 'statistics', 'procedure', 'ledger'],
    administrator: ['line', 'closures', 'quotas', 'statistics', 'procedure', 'ledger'],
    staff: ['line', 'closures', 'procedure', 'ledger'],
  };
  // What each page asks the server for.
  const behind = {
    find: ['POST', '/lookups', { document: { kind: 'passport', issuer: stranded.issuer, number: stranded.number }, purpose: 'complaint', case_number: 'C-1' }],
    between: ['GET', '/between'], cases: ['GET', '/cases'], statistics: ['GET', '/statistics?from=2026-01-01&to=2026-01-31'],
    line: ['GET', '/overview'], closures: ['GET', '/closures'], quotas: ['GET', '/quotas'], procedure: ['GET', '/procedure'], ledger: ['GET', '/ledger'],
  };
  for (const [role, pages] of Object.entries(offered)) {
    inOffice(`${role}: the pages offered are those that the server answers`, role, async (office) => {
      const seen = await office.pages();
      for (const page of pages) assert.ok(seen.includes(page), page);
      for (const page of Object.keys(behind)) assert.equal(seen.includes(page), pages.includes(page), page);
      for (const [page, [method, path, body]] of Object.entries(behind)) {
        assert.equal(await office.status(method, path, body) < 300, pages.includes(page), `${role} ${path}`);
      }
    }, { expected: [unauthorized, /status of 403/] });
  }

  inOffice('an address of a page that is not theirs leads negotiators to their own', 'negotiator', async (office) => {
    for (const page of ['find', 'between', 'cases']) {
      await office.page.goto(`${line.server.url}/#/${page}`);
      await shows(office.heading, 'Statistics');
    }
  }, notSignedIn);
});

describe('a supervisor', () => {
  inOffice('finds a person by the exact document, with purpose and case number, and sees every record', 'supervisor', async (office) => {
    await office.lookUp({ ...stranded, caseNumber: 'C-2026-118' });
    const main = office.page.locator('main');
    for (const words of ['Between the posts', 'JUNIPER, ANTARES', 'Left side A']) await shows(main, words);
    const movement = office.page.locator('main ol > li', { hasText: 'Passed' });
    for (const words of ['Exit', 'bridge A', 'Allow', 'Article 1(1)', 'Residents of either side may cross in both directions.', 'edition 1', 'bridge-a-1', `officer ${line.officer.id}`]) await shows(movement, words);
    const lookUp = office.page.locator('main ol > li', { hasText: 'Look-up' }).first();
    for (const words of ['Complaint of the person', 'C-2026-118', 'Supervisor']) await shows(lookUp, words);
    const known = office.asked.filter((url) => /JUNIPER|ANTARES|A9000001|[0-9a-f]{32}/i.test(new URL(url).pathname + new URL(url).search));
    assert.deepEqual(known, [], 'nothing personal in an address');
    assert.ok(!/A9000001|JUNIPER/.test(office.page.url()));
  }, notSignedIn);

  inOffice('sees a refusal with its article', 'supervisor', async (office) => {
    await office.lookUp(expired);
    const movement = office.page.locator('main ol > li', { hasText: 'Refused' });
    for (const words of ['Refuse', 'Article 2(2)', 'The document is valid on the day of crossing.']) await shows(movement, words);
  }, notSignedIn);

  inOffice('may not look up without purpose and case number', 'supervisor', async (office) => {
    await office.go('find');
    await office.page.locator('#issuer').fill('XAA');
    await office.page.locator('#number').fill('A9000001');
    await office.page.locator('main form .button').last().click();
    for (const field of ['purpose', 'case']) await shows(office.page.locator(`#${field}-error`), 'Fill this in');
    assert.equal(office.asked.filter((url) => url.endsWith('/lookups')).length, 0);
  }, notSignedIn);

  inOffice('a look-up of nobody is recorded too', 'supervisor', async (office) => {
    await office.lookUp({ issuer: 'XAA', number: 'A9999999' });
    await shows(office.page.locator('main'), /Nobody is known under this document[^]*ledger entry \d+/);
  }, notSignedIn);

  inOffice('sees who is between the posts, as many as a recount says', 'supervisor', async (office) => {
    const expected = recount.counts().between;
    await office.go('between');
    await shows(office.page.locator('caption'), `${expected} `);
    assert.equal(await office.page.locator('main tbody tr').count(), Math.min(expected, 50));
    await office.page.locator('main tbody tr').last().getByRole('button', { name: 'Look up' }).click();
    await shows(office.heading, 'Find a person');
    assert.ok(/#\/find$/.test(office.page.url()), 'the person is handed over in memory');
    await office.page.locator('#purpose').selectOption('stranded_person');
    await office.page.locator('#case').fill('C-119');
    await office.page.locator('main form .button').last().click();
    await shows(office.page.locator('main'), 'Records, newest first');
  }, notSignedIn);

  inOffice('sees every post and the whole line', 'supervisor', async (office) => {
    await office.go('line');
    const counts = recount.counts();
    const text = (await office.page.locator('main').innerText()).replace(/\s+/g, ' ');
    for (const agent of line.agents) assert.ok(text.includes(agent.agent));
    for (const [status, words] of [['between', 'Between the posts'], ['side_b', 'On side B']]) assert.ok(new RegExp(`${counts[status]} ${words}|${words} ${counts[status]}`).test(text), `${words} ${counts[status]}: ${text.slice(0, 600)}`);
  }, notSignedIn);

  inOffice('puts a person on a list and takes them off, signed and with a reason', 'supervisor', async (office) => {
    await office.lookUp(expired);
    for (const [button, after] of [['Put on list: hold', 'Take off list: hold'], ['Take off list: hold', 'Put on list: hold']]) {
      await office.page.getByRole('button', { name: button }).click();
      await office.page.getByLabel('Reason').fill('C-2026-120');
      await office.page.getByRole('button', { name: 'Sign and record' }).click();
      await office.page.getByRole('button', { name: after }).waitFor();
    }
    await shows(office.page.locator('main ol > li'), /Taken off list: hold[^]*C-2026-120/);
  }, notSignedIn);
});

describe('quotas and notices', () => {
  const document = { kind: 'passport', issuer: stranded.issuer, number: stranded.number };

  inOffice('a supervisor sees what is used, leased to which post until when, and left', 'supervisor', async (office) => {
    const used = ['A', 'B'].reduce((sum, side) => sum + recount.passed(side, 'exit'), 0);
    const agent = line.post('bridge', 'A').agent;
    assert.equal(await office.status('POST', '/quotas/exits/leases', { agent, amount: 40, reason: 'market day' }), 201);
    await office.go('quotas');
    const [left, perDay, taken, leased] = Object.values(await office.table('Quotas'))[0].map(Number);
    assert.deepEqual([perDay, taken, leased, left], [500, used, 40, 500 - used - 40]);
    const row = office.page.getByRole('region', { name: 'Leases of today' }).locator('tbody tr');
    for (const words of ['bridge', agent, 'Exits of a day', '40']) await shows(row, words);
    await shows(row.locator('td').last(), /\d\d:\d\d/);
  }, notSignedIn);

  inOffice('and who took which step of a notice, and what is due next by when', 'supervisor', async (office) => {
    await office.go('quotas');
    await shows(office.page.locator('main'), 'No notice stands');
    assert.equal(await office.status('POST', '/notices', { document, step: 'given', reason: 'list of patients 7' }), 201);
    await office.page.reload();
    await office.settled();
    const notice = office.page.locator('main ul.notices > li');
    for (const words of ['Notice given', 'Side A', 'list of patients 7', line.account('supervisor').name, 'Article 9(1)', /Objection until .*: Side B or Guarantor/, /Counts from/]) await shows(notice, words);
    assert.ok(!office.asked.some((url) => /A9000001|[0-9a-f]{32}/i.test(new URL(url).pathname + new URL(url).search)), 'nothing personal in an address');
  }, notSignedIn);

  inOffice('a negotiator sees the quotas without figures of a single post, and no notice', 'negotiator', async (office) => {
    await office.go('quotas');
    await shows(office.page.getByRole('region', { name: 'Leases of today' }), 'hidden');
    assert.equal(await office.page.locator('#notices').count(), 0);
    assert.equal(await office.status('GET', '/notices'), 403);
  }, { expected: [unauthorized, /status of 403/] });
});

describe('the figures', () => {
  const columns = ['entries', 'exits', 'net', 'refused', 'referred'];
  const number = (text) => (text === 'hidden' ? null : Number(text.replace('−', '-').replace(/[+,\s]/g, '')));

  async function figures(office, side) {
    await office.go('statistics');
    await office.page.getByRole('button', { name: `Side ${side}`, exact: true }).click();
    if (!(await office.page.locator('details').evaluate((one) => one.open))) await office.page.locator('summary').click();
    const table = await office.table(`Entries and exits of side ${side}`);
    return Object.fromEntries(Object.entries(table).map(([period, cells]) => [period, Object.fromEntries(cells.map((cell, i) => [columns[i], cell]))]));
  }
  const byVerdict = (verdict) => recount.byArticle().filter(([given]) => given === verdict);

  for (const side of ['A', 'B']) {
    inOffice(`of side ${side} equal an independent recount`, 'supervisor', async (office) => {
      const total = (await figures(office, side)).Total;
      const [entries, exits] = [recount.passed(side, 'entry'), recount.passed(side, 'exit')];
      assert.deepEqual([number(total.entries), number(total.exits), number(total.net)], [entries, exits, entries - exits]);
    }, notSignedIn);
  }

  inOffice('refused and referred by article equal it too, with the agreed words', 'supervisor', async (office) => {
    await office.go('statistics');
    const articles = await office.table('Refused and referred, by article');
    const expected = {};
    for (const [i, verdict] of ['refuse', 'refer'].entries()) for (const [, article, times] of byVerdict(verdict)) (expected[article] ??= [0, 0])[i] += times;
    assert.deepEqual(Object.fromEntries(Object.entries(articles).map(([id, cells]) => [id, [number(cells[1]), number(cells[2])]])), expected);
    assert.equal(articles['2(2)'][0], 'The document is valid on the day of crossing.');
  }, notSignedIn);

  inOffice('chart and table say the same, and the arrow keys read the chart', 'supervisor', async (office) => {
    const table = await figures(office, 'A');
    const options = office.page.locator('figure g[role=option]');
    const spoken = await options.evaluateAll((bars) => bars.map((bar) => bar.getAttribute('aria-label')));
    assert.equal(spoken.length, Object.keys(table).length - 1);
    for (const [period, row] of Object.entries(table)) {
      if (period !== 'Total') assert.ok(spoken.includes(`${period}: entries ${row.entries}, exits ${row.exits}, net ${row.net}`), `${period}: ${spoken.at(-1)}`);
    }
    await options.first().focus();
    await office.page.keyboard.press('End');
    assert.equal(await office.page.locator('figcaption').innerText(), spoken.at(-1));
    await office.page.keyboard.press('ArrowLeft');
    assert.equal(await office.page.locator('figcaption').innerText(), spoken.at(-2));
  }, notSignedIn);

  inOffice('shown to a negotiator never tell about a few, and what is shown is right', 'negotiator', async (office) => {
    for (const side of ['A', 'B']) {
      const total = (await figures(office, side)).Total;
      for (const [measure, direction] of [['entries', 'entry'], ['exits', 'exit']]) {
        const truth = recount.passed(side, direction);
        const shown = number(total[measure]);
        assert.ok(shown === null || shown === truth, `${measure}: ${shown}, ${truth}`);
        if (truth >= 1 && truth <= 10) assert.equal(shown, null);
      }
    }
    const counts = (await office.page.locator('main td.number').allInnerTexts()).map((cell) => cell.trim()).filter((cell) => !/^[+−]/.test(cell));  // a net of two big numbers may be small
    for (const cell of counts) assert.ok(!/^([1-9]|10)$/.test(cell), cell);
    await shows(office.page.locator('main'), 'Crossings, not persons');
    await shows(office.page.locator('.as-of'), /As of .*Ledger: [\d,]+ entries/);
  }, notSignedIn);

  inOffice('of a time without movements say so', 'negotiator', async (office) => {
    await office.go('statistics');
    await office.page.locator('#to').fill('2026-01-31');
    await office.page.locator('#from').fill('2026-01-01');
    await shows(office.page.locator('main'), 'No movements in this time');
  }, notSignedIn);
});

describe('the procedure', () => {
  inOffice('reads as a document: agreed words, what the machines enforce, in each language', 'staff', async (office) => {
    await office.go('procedure');
    const article = office.page.locator('main article', { hasText: 'Article 2(2)' });
    for (const words of ['The document is valid on the day of crossing.', 'What the machines enforce', 'Requires', 'otherwise', 'Refuse']) await shows(article, words);
    assert.equal(await article.locator('.cited').count(), 0, 'no figures for who may not see any');
    await office.page.getByLabel('Words in').selectOption('ru');
    await shows(office.page.locator('main article').first(), 'Жители обеих сторон могут переходить линию в обоих направлениях.');
    assert.equal(await office.page.locator('main article .agreed').first().getAttribute('lang'), 'ru');
    await office.page.locator('main .contents nav button', { hasText: '2(2)' }).click();
    assert.ok(await article.evaluate((one) => one === document.activeElement), 'the contents lead to the article');
  }, notSignedIn);

  inOffice('has nothing to compare while only one edition was adopted', 'staff', async (office) => {
    await office.go('procedure');
    await office.page.getByRole('button', { name: 'Differences' }).click();
    await shows(office.page.locator('main'), 'Only one edition has been adopted');
  }, notSignedIn);

  inOffice('says how often each article was cited, as many times as a recount says', 'supervisor', async (office) => {
    await office.go('procedure');
    const expected = {};
    for (const [verdict, article, times] of recount.byArticle()) (expected[article] ??= {})[verdict] = times;
    assert.ok(Object.keys(expected).length > 1);
    for (const [id, times] of Object.entries(expected)) {
      const cited = office.page.locator('main article', { hasText: `Article ${id}` }).locator('.cited');
      if (times.refuse) await shows(cited, `Refused ${times.refuse}`);
      if (times.refer) await shows(cited, `Referred ${times.refer}`);
    }
    await shows(office.page.locator('main article .cited'), 'Never cited');
  }, notSignedIn);
});

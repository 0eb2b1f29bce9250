// The desk of one post, as its officer meets it: a real browser, a real agent and a real server.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openBrowser, openPage, shows } from './support/browser.mjs';
import { Desk } from './support/desk.mjs';
import { daysFromNow, passport, withWrongNumberDigit, yearsAgo } from './support/documents.mjs';
import { Keyboard } from './support/keyboard.mjs';
import { openLine } from './support/line.mjs';

let line;
let browser;
let desk;  // of post A, where people leave
let next = 1;

// The passport of somebody who has not been at any desk yet.
const somebody = (more = {}) => passport({ number: `A${String(next++).padStart(7, '0')}`, secondary: 'POLARIS', ...more });

before(async () => {
  line = await openLine({ agentOptions: { 'bridge-b-1': '[reader]\nprefix = "#"\nsuffix = "##"\nterminator = "tab"' } });
  browser = await openBrowser();
  desk = await Desk.open(browser, line.post('bridge', 'A').url);
});
after(async () => {
  await browser?.close();
  await line?.close();
});

// Each test ends at an empty desk, and the browser has nothing to complain about.
const atDesk = (name, body) => test(name, async () => {
  desk.page.complaints.splice(0);
  await body();
  await desk.ready();
  assert.deepEqual(desk.page.complaints, []);
});

describe('the start of a shift', () => {
  test('a wrong PIN is named and starts nothing', async () => {
    const page = await openPage(browser, `${line.post('bridge', 'A').url}/station.html`, { expected: [/status of 401/] });
    await page.getByRole('button', { name: line.officer.id }).click();
    await page.getByRole('button', { name: 'Exit', exact: true }).click();
    await page.locator('#pin').fill('000000');
    await page.keyboard.press('Enter');
    await shows(page.locator('[role=alert]'), 'Officer and PIN do not fit');
    assert.equal(await page.locator('#scan').count(), 0);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test('a document read into the PIN field is no PIN, and costs no attempt', async () => {
    const page = await openPage(browser, `${line.post('bridge', 'A').url}/station.html`, { expected: [/status of 401/] });
    let attempts = 0;
    page.on('request', (request) => { if (request.url().endsWith('/shift')) attempts += 1; });
    await page.getByRole('button', { name: 'Exit', exact: true }).click();
    await shows(page.locator('#missing'), /Still missing: .*PIN/);
    await page.getByRole('button', { name: line.officer.id }).click(); // and the keyboard is on the PIN
    await (await Keyboard.of(page)).read(somebody(), { paced: true });
    await shows(page.locator('#missing'), 'Still missing: PIN');
    await page.waitForTimeout(500); // what follows is a hand's
    await page.locator('#pin').fill('000000');
    await page.keyboard.press('Enter');
    await shows(page.locator('[role=alert]'), 'Officer and PIN do not fit');
    assert.equal(attempts, 1);
    await page.context().close();
  });

  test('a PIN starts it', () => desk.startShift(line.officer, 'exit'));
});

describe('the scan field', () => {
  const focused = () => desk.field.evaluate((field) => field === document.activeElement);
  const loseFocus = () => desk.page.evaluate(() => document.activeElement.blur());

  atDesk('has the focus from the start', async () => assert.ok(await focused()));

  atDesk('gets it back with any key, and the key is not lost', async () => {
    await loseFocus();
    assert.ok(!(await focused()));
    await desk.page.keyboard.press('x');
    assert.ok(await focused());
    assert.equal(await desk.field.inputValue(), 'X');
    await desk.press('Escape');
    assert.equal(await desk.field.inputValue(), '');
  });

  atDesk('gets it back when the window does', async () => {
    const { devtools } = desk.keyboard;
    await devtools.send('Emulation.setFocusEmulationEnabled', { enabled: false });
    const other = await desk.page.context().newPage();
    await other.bringToFront();
    await loseFocus();
    await desk.page.bringToFront();
    await desk.page.waitForFunction(() => document.activeElement?.id === 'scan');
    await other.close();
    await devtools.send('Emulation.setFocusEmulationEnabled', { enabled: true });
  });

  atDesk('gets it back when the page becomes visible, and after a click beside it', async () => {
    await loseFocus();
    await desk.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    assert.ok(await focused());
    await desk.page.locator('main .panel').click();
    assert.ok(await focused());
  });

  atDesk('gets it back when a dialog is closed', async () => {
    await desk.press('F1');
    await desk.page.locator('dialog').waitFor();
    assert.ok(!(await focused()));
    await desk.press('Escape');
    await desk.page.waitForFunction(() => document.activeElement?.id === 'scan');
  });

  atDesk('is empty again after the terminator', async () => {
    await desk.read(somebody());
    assert.equal(await desk.field.inputValue(), '');
    await desk.confirm();
  });
});

describe('a reader', () => {
  for (const [layout, name] of [['us', 'US'], ['ru', 'Russian'], ['hy', 'Armenian'], ['fr', 'French']]) {
    atDesk(`is understood under a ${name} layout`, async () => {
      assert.equal(await desk.read(somebody({ secondary: `VEGA<${layout.toUpperCase()}` }), { layout }), 'May leave');
      await shows(desk.panel, `WALNUT, VEGA ${layout.toUpperCase()}`);
      await desk.confirm();
    });
  }

  atDesk('that ends with one Enter too many lets nobody pass', async () => {
    const before = await journalSize();
    await desk.read(`${somebody()}\n`);
    await desk.page.waitForTimeout(200);
    await shows(desk.heading, 'May leave');
    assert.equal(await journalSize(), before);
    await desk.turnBack();
  });

  test('may frame its scan with a prefix, a suffix and another terminator', async () => {
    const framed = await Desk.open(browser, line.post('bridge', 'B').url);
    await framed.startShift(line.officer, 'exit');
    const verdict = await framed.read(somebody({ issuer: 'XBB' }), { terminator: '\t', framing: ['#', '##'] });
    assert.equal(verdict, 'May leave');
    await framed.turnBack();
    assert.deepEqual(framed.page.complaints, []);
    await framed.page.context().close();
  });
});

describe('typing by hand', () => {
  atDesk('works, in small letters too', async () => {
    assert.equal(await desk.type(somebody({ secondary: 'RIGEL' }).toLowerCase()), 'May leave');
    await shows(desk.panel, 'RIGEL');
    await desk.confirm();
  });

  atDesk('a wrong check digit names its field, what was read and what it should be', async () => {
    const before = await journalSize();
    const { text, read, computed } = withWrongNumberDigit(somebody());
    assert.equal(await desk.type(text), 'Read again');
    await shows(desk.panel, `Check digit of the document number: read ${read}, it should be ${computed}`);
    await desk.confirm();
    assert.equal(await journalSize(), before, 'nothing is recorded');
  });

  atDesk('what is no document at all says so', async () => {
    assert.equal(await desk.type('ABC123'), 'Read again');
    await desk.confirm();
  });
});

describe('the verdict', () => {
  // What a verdict shows: its colour, its symbol, its words; and which notes it sounds.
  async function appearance() {
    return {
      colour: await desk.panel.evaluate((panel) => getComputedStyle(panel).backgroundColor),
      symbol: await desk.panel.locator('.sign svg').evaluate((svg) => svg.innerHTML),
      words: await desk.heading.innerText(),
      notes: await desk.page.evaluate(() => globalThis.sounded.splice(0).join(' ')),
    };
  }

  atDesk('differs by colour, symbol, words and sound', async () => {
    await desk.page.evaluate(() => {
      globalThis.sounded = [];
      const start = OscillatorNode.prototype.start;
      OscillatorNode.prototype.start = function (at) { globalThis.sounded.push(this.frequency.value); start.call(this, at); };
    });
    const seen = [];
    await desk.read(somebody());
    seen.push(await appearance());
    await desk.turnBack();
    await desk.read(somebody({ birth: yearsAgo(8) }));
    seen.push(await appearance());
    await desk.confirm();
    await desk.read(somebody({ expiry: daysFromNow(-20) }));
    seen.push(await appearance());
    await desk.confirm();
    assert.deepEqual(seen.map((one) => one.words), ['May leave', 'Call the duty officer', 'Stop']);
    for (const what of ['colour', 'symbol', 'notes']) assert.equal(new Set(seen.map((one) => one[what])).size, 3, `${what}: ${JSON.stringify(seen.map((one) => one[what]))}`);
    for (const { notes } of seen) assert.notEqual(notes, '');
  });

  atDesk('entry sounds otherwise than exit', async () => {
    await desk.press('F2');
    await shows(desk.header, 'Entry');
    await desk.read(somebody({ issuer: 'XBB' }));
    const entry = await appearance();
    await desk.turnBack();
    await desk.press('F2');
    await shows(desk.header, 'Exit');
    await desk.read(somebody());
    const exit = await appearance();
    await desk.turnBack();
    assert.deepEqual([entry.words, exit.words], ['May enter', 'May leave']);
    assert.notEqual(entry.notes, exit.notes);
    assert.notEqual(entry.symbol, exit.symbol);
  });

  atDesk('refused: the article, its agreed words, what fails and what would make it pass', async () => {
    await desk.read(somebody({ expiry: daysFromNow(-20) }));
    for (const words of ['Article 2(2)', 'The document is valid on the day of crossing.', 'Because:', 'It passes if']) await shows(desk.panel, words);
    await desk.confirm();
  });

  atDesk('referred: a child alone', async () => {
    await desk.read(somebody({ birth: yearsAgo(8) }));
    for (const words of ['Article 4(1)', 'A child under 16 crosses with a parent or guardian.']) await shows(desk.panel, words);
    await desk.confirm();
  });

  atDesk('fills the panel', async () => {
    await desk.read(somebody());
    const [panel, whole] = [await desk.panel.boundingBox(), desk.page.viewportSize()];
    assert.ok(panel.width > whole.width * 0.9 && panel.height > whole.height * 0.6, JSON.stringify(panel));
    await desk.turnBack();
  });

  atDesk('is read out', async () => {
    await desk.read(somebody({ expiry: daysFromNow(-20) }));
    await shows(desk.page.locator('main [aria-live=assertive]'), /Stop\..*Article 2\(2\)/);
    await desk.confirm();
  });
});

describe('one key', () => {
  const lastOutcome = async () => (await station()).entries[0].outcome;

  atDesk('Enter lets an allowed person pass', async () => {
    await desk.serve(somebody(), 'Enter');
    assert.equal(await lastOutcome(), 'passed');
    await shows(desk.panel, /Passed at .* record/);
  });

  atDesk('Esc turns them back', async () => {
    await desk.serve(somebody(), 'Escape');
    assert.equal(await lastOutcome(), 'turned_back');
  });

  atDesk('Enter lets no refused person pass', async () => {
    await desk.serve(somebody({ expiry: daysFromNow(-20) }), 'Enter');
    assert.equal(await lastOutcome(), 'refused');
  });

  atDesk('whom nobody confirmed before the next scan is recorded as not confirmed, never as passed', async () => {
    await desk.read(somebody({ secondary: 'ALTAIR' }));
    await desk.keyboard.read(somebody({ secondary: 'DENEB' }));
    await shows(desk.panel, 'DENEB');
    assert.equal(await lastOutcome(), 'abandoned');
    await desk.turnBack();
  });

  atDesk('the other direction, and back', async () => {
    await desk.press('F2');
    await shows(desk.panel, 'Entry');
    await desk.press('F2');
    await shows(desk.panel, 'Exit');
  });

  atDesk('the whole flow by keyboard alone, the help and the last movements included', async () => {
    for (const key of ['F1', 'F4', 'F6', 'F9']) {
      await desk.press(key);
      await desk.page.locator('dialog').waitFor();
      assert.ok(await desk.page.evaluate(() => document.activeElement?.closest('dialog') !== null), `${key}: the keyboard reaches the dialog`);
      await desk.press('Escape');
      await desk.page.locator('dialog').waitFor({ state: 'detached' });
    }
  });

  atDesk('names and numbers are hidden from onlookers', async () => {
    await desk.press('F7');
    await desk.read(somebody({ primary: 'HAWTHORN', number: 'A9990001' }));
    const text = await desk.page.locator('body').innerText();
    assert.ok(!/HAWTHORN|A9990001/.test(text), text);
    await desk.turnBack();
    await desk.press('F7');
    await desk.page.getByRole('button', { name: 'Hide names' }).waitFor();
  });
});

describe('taking back', () => {
  atDesk('writes a correction and keeps the record', async () => {
    await desk.serve(somebody({ secondary: 'CAPELLA' }));
    const before = await station();
    await desk.press('F6');
    const dialog = desk.page.locator('dialog');
    await dialog.locator('li', { hasText: 'CAPELLA' }).getByRole('button').click();
    await dialog.getByRole('button', { name: 'The person did not pass' }).click();
    await shows(dialog.locator('li', { hasText: 'CAPELLA' }), 'Taken back');
    await desk.press('Escape');
    const now = await station();
    assert.equal(now.state.journal_size, before.state.journal_size + 1, 'a record more, none less');
    const record = now.entries.find((entry) => entry.journal_index === before.entries[0].journal_index);
    assert.equal(record.corrected, true);
    assert.equal(record.outcome, 'passed');
  });
});

describe('a second scan of a document', () => {
  atDesk('shows when and where the first one passed, and records nothing', async () => {
    const text = somebody();
    await desk.serve(text);
    const before = await journalSize();
    assert.equal(await desk.read(text), 'Already passed');
    await shows(desk.panel, /This document passed here at \d.*bridge A, Exit/);
    await desk.confirm();
    assert.equal(await journalSize(), before);
  });
});

describe('the header', () => {
  atDesk('says who, where, which way, how connected, which edition and what waits', async () => {
    const text = (await desk.header.innerText()).replace(/\s+/g, ' ');
    for (const words of ['bridge post A', 'Exit', 'Connected', 'Everything is sent', 'Edition 1', `Officer ${line.officer.id}`]) assert.ok(text.includes(words), `${words}: ${text}`);
  });
});

describe('a family', () => {
  const family = (children) => [somebody({ primary: 'ROWAN', secondary: 'MIRA' }), ...children.map((secondary) => somebody({ primary: 'ROWAN', secondary, birth: yearsAgo(9) }))];

  async function collect(documents) {
    await desk.press('F3');
    await shows(desk.heading, 'Group: scan the adult first');
    for (const [i, document] of documents.entries()) {
      await desk.keyboard.read(document);
      await desk.page.locator('main ol > li').nth(i).waitFor();
    }
    await desk.press('Enter');
  }

  atDesk('is scanned in one go and passes together', async () => {
    const before = await journalSize();
    await collect(family(['LYRA', 'VELA']));
    await shows(desk.heading, 'All 3 may pass');
    await desk.confirm();
    const { state, entries } = await station();
    assert.equal(state.journal_size, before + 3);
    assert.deepEqual(entries.slice(0, 3).map((entry) => entry.outcome), ['passed', 'passed', 'passed']);
  });

  atDesk('in which one is refused: that one is shown first, and stays', async () => {
    await collect([...family(['LYRA']), somebody({ primary: 'ROWAN', secondary: 'AUVA', birth: yearsAgo(9), expiry: daysFromNow(-9) })]);
    await shows(desk.heading, 'Not everybody may pass');
    await shows(desk.page.locator('main ol > li').first(), /AUVA[^]*Stop[^]*2\(2\)/);
    await desk.confirm();
    const { entries } = await station();
    assert.deepEqual(entries.slice(0, 3).map((entry) => entry.outcome).sort(), ['passed', 'passed', 'refused']);
  });

  atDesk('can be given up', async () => {
    await desk.press('F3');
    await shows(desk.heading, 'Group: scan the adult first');
    await desk.press('Escape');
  });
});

describe('in Russian', () => {
  atDesk('the page and the agreed words', async () => {
    await desk.page.getByRole('button', { name: 'Language' }).click();
    await desk.page.getByRole('button', { name: 'Русский' }).click();
    await shows(desk.heading, 'Считайте документ');
    assert.equal(await desk.read(somebody({ expiry: daysFromNow(-20) })), 'Стоп');
    await shows(desk.panel, 'Документ действителен в день перехода.');
    assert.equal(await desk.page.locator('html').getAttribute('lang'), 'ru');
    await desk.confirm();
    await desk.page.locator('header button').first().click();
    await desk.page.getByRole('button', { name: 'English' }).click();
    await shows(desk.heading, 'Scan a document');
  });
});

describe('a page that is loaded again', () => {
  test('goes on where it was', async () => {
    await desk.read(somebody({ secondary: 'SPICA' }));
    await desk.page.reload();
    await shows(desk.panel, 'SPICA');
    await shows(desk.heading, 'May leave');
    await desk.turnBack();
  });
});

const ask = (path) => desk.page.evaluate(async (to) => (await fetch(`/api/v1${to}`, { headers: { 'X-Crossline-Station': '1' } })).json(), path);
async function station() { return { state: await ask('/station'), entries: (await ask('/history/recent')).entries }; }
async function journalSize() { return (await ask('/station')).journal_size; }

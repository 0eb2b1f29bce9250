// Every page and every state of the desk on the screens it is used on: axe has nothing to say, nothing scrolls sideways.
// CROSSLINE_SHOTS=DIR keeps the pictures.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { alter, inspect, openBrowser, openPage, screens, shows } from './support/browser.mjs';
import { Desk } from './support/desk.mjs';
import { daysFromNow, passport, withWrongNumberDigit, yearsAgo } from './support/documents.mjs';
import { openLine } from './support/line.mjs';
import { OfficePage } from './support/office.mjs';
import { serveTravellers } from './support/traffic.mjs';

let line;
let browser;
let next = 1;
const somebody = (more = {}) => passport({ number: `A${String(next++).padStart(7, '0')}`, secondary: 'POLARIS', ...more });
const known = { issuer: 'XAA', number: 'A9000001', primary: 'JUNIPER', secondary: 'ANTARES' };
const notSignedIn = [/status of 401/];

before(async () => {
  line = await openLine();
  browser = await openBrowser();
  await serveTravellers(line, 40);
  const desk = await Desk.open(browser, line.post('bridge', 'A').url);
  await desk.startShift(line.officer, 'exit');
  await desk.serve(passport(known));
  await desk.press('F9');
  await desk.page.locator('dialog .button').first().click();
  await desk.page.locator('#pin').waitFor();
  await desk.page.context().close();
});
after(async () => {
  await browser?.close();
  await line?.close();
});

// Nobody of a group is out of sight without a word about it.
async function everyMemberIsKnownOf(page) {
  const { hidden, said } = await page.evaluate(() => {
    const list = document.querySelector('main ol');
    const bottom = list.getBoundingClientRect().bottom + 1;
    const inside = list.scrollHeight > list.clientHeight + 1;
    return {
      hidden: inside ? [...list.children].filter((row) => row.getBoundingClientRect().bottom > bottom).length : 0,
      said: document.querySelector('main button.more')?.textContent ?? '',
    };
  });
  if (hidden > 0) assert.match(said, new RegExp(`\\b${hidden}\\b`), 'those below are counted');
}

// Up to 40 rem a table is a list of blocks; long ones of figures alone still scroll inside their frame.
async function noTableIsCut(page) {
  const cut = await page.evaluate(() => [...document.querySelectorAll('.scroll:not(.tall)')].filter((frame) => frame.scrollWidth > frame.clientWidth + 1).map((frame) => frame.ariaLabel));
  assert.deepEqual(cut, [], 'tables that scroll sideways');
}

const looks = [['ten_inch', 'en'], ['phone', 'ru'], ['zoomed', 'ru'], ['desktop', 'en']];

describe('the desk', () => {
  for (const [screen, language] of looks) {
    test(`${screen}, ${language}`, async () => {
      const accessible = screen !== 'desktop' && screen !== 'zoomed';
      const desk = await Desk.open(browser, line.post('bridge', 'A').url, { screen, language });
      const look = (state) => inspect(desk.page, `desk_${state}_${screen}_${language}`, { accessible });
      await look('shift');
      await desk.startShift(line.officer, 'exit', language);
      await look('ready');
      for (const [state, document] of [['allow', somebody()], ['refer', somebody({ birth: yearsAgo(7) })],
        ['refuse', somebody({ expiry: daysFromNow(-3), birth: yearsAgo(7), primary: 'CHRYSANTHEMUM', secondary: 'BETELGEUSE<ALPHERATZ' })], ['unreadable', withWrongNumberDigit(somebody()).text]]) {
        await desk.read(document);
        await look(state);
        await desk.turnBack();
      }
      await desk.serve(somebody());
      await desk.press('F3');
      for (const [i, document] of [somebody(), somebody({ birth: yearsAgo(7) }), somebody({ expiry: daysFromNow(-3) })].entries()) {
        await desk.keyboard.read(document);
        await desk.page.locator('main ol > li').nth(i).waitFor();
      }
      await look('group_open');
      await everyMemberIsKnownOf(desk.page);
      await desk.press('Enter');
      await desk.page.locator('main ol > li .verdict').first().waitFor();
      await look('group_decided');
      await everyMemberIsKnownOf(desk.page);
      await desk.confirm();
      for (const [key, state] of [['F1', 'help'], ['F4', 'category'], ['F6', 'recent'], ['F9', 'end_shift']]) {
        await desk.press(key);
        await desk.page.locator('dialog').waitFor();
        await look(state);
        if (state === 'recent') {
          const address = await desk.page.locator('dialog a[href^="/slip/"]').first().getAttribute('href');
          const slip = await openPage(browser, new URL(address, desk.page.url()).href, { screen, language });
          await inspect(slip, `desk_slip_${screen}_${language}`, { accessible });
          await slip.context().close();
        }
        await desk.press('Escape');
      }
      const small = await desk.page.locator('nav button, .actions button').evaluateAll((buttons) => buttons.map((one) => one.getBoundingClientRect()).filter(({ height }) => height > 0 && height < 75).length);
      assert.equal(small, 0, 'every button is at least 20 mm high');
      const ground = await desk.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.ok(ground.match(/\d+/g).map(Number).every((part) => part < 60), `dark: ${ground}`);
      await desk.press('F9');
      await desk.page.locator('dialog .button').first().click();
      await desk.page.locator('#pin').waitFor();
      await desk.page.context().close();
    });
  }
});

test('long words of the agreed text are not cut off on a phone', async () => {
  const desk = await Desk.open(browser, line.post('bridge', 'A').url, { screen: 'phone' });
  const long = 'Հակահամաճարակայինպատվաստումներիմիջազգային վկայական';
  const words = (answer) => {
    const { decision } = answer.scan ?? answer;
    if (!decision) return;
    decision.headline = long;
    for (const reason of decision.reasons) Object.assign(reason, { text: long, failing_fact: long, remedy: long });
  };
  await alter(desk.page, /\/(scans|station)$/, words);
  await desk.startShift(line.officer, 'exit');
  await desk.read(somebody({ expiry: daysFromNow(-3) }));
  await shows(desk.panel, long);
  await inspect(desk.page, 'desk_long_words_phone');
  const outside = await desk.page.evaluate(() => {
    const panel = document.querySelector('main > .panel > section');
    const right = panel.getBoundingClientRect().right - parseFloat(getComputedStyle(panel).paddingRight);
    const range = document.createRange();
    const texts = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
    const found = [];
    while (texts.nextNode()) {
      range.selectNodeContents(texts.currentNode);
      if (range.getBoundingClientRect().right > right + 1) found.push(texts.currentNode.textContent.trim());
    }
    return found;
  });
  assert.deepEqual(outside, []);
  await desk.page.unrouteAll({ behavior: 'wait' });
  await desk.turnBack();
  await desk.press('F9');
  await desk.page.locator('dialog .button').first().click();
  await desk.page.locator('#pin').waitFor();
  await desk.page.context().close();
});

describe('the office', () => {
  for (const [screen, language] of looks) {
    for (const scheme of screen === 'ten_inch' ? ['light', 'dark'] : ['light']) {
      test(`${screen}, ${language}, ${scheme}`, async () => {
        const options = { screen, language, scheme, expected: notSignedIn };
        const at = `${screen}_${language}_${scheme}`;
        const accessible = screen === 'ten_inch' || screen === 'phone';
        if (screen !== 'desktop') {
          const door = await OfficePage.open(browser, line, options);
          await door.page.locator('form .button').click();
          await inspect(door.page, `office_sign_in_${at}`, { accessible });
          await door.page.context().close();
        }
        const office = await OfficePage.of(browser, line, 'supervisor', options);
        await office.page.locator('header select').first().selectOption(language);
        for (const page of await office.pages()) {
          await office.go(page);
          await inspect(office.page, `office_${page}_${at}`, { accessible });
          if (screen === 'phone' || screen === 'zoomed') await noTableIsCut(office.page);
        }
        await office.lookUp(known);
        await inspect(office.page, `office_person_${at}`, { accessible });
        await office.page.context().close();
        if (screen !== 'ten_inch' && screen !== 'phone') return;
        const negotiator = await OfficePage.of(browser, line, 'negotiator', options);
        await negotiator.go('statistics');
        await negotiator.page.locator('summary').click();
        await inspect(negotiator.page, `office_negotiator_${at}`, { accessible });
        await negotiator.page.context().close();
      });
    }
  }

  test('the keyboard alone: sign in, walk to a page, look somebody up', async () => {
    const office = await OfficePage.open(browser, line, { expected: notSignedIn });
    const { keyboard } = office.page;
    const tabTo = async (selector) => {
      for (let i = 0; i < 60; i++) {
        if (await office.page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
        await keyboard.press('Tab');
      }
      assert.fail(`Tab does not reach ${selector}`);
    };
    const { name, password } = line.account('supervisor');
    await tabTo('#name');
    await keyboard.type(name);
    await tabTo('#password');
    await keyboard.type(password);
    await keyboard.press('Enter');
    await office.page.locator('nav').waitFor();
    await tabTo('a[href="#/find"]');
    await keyboard.press('Enter');
    await shows(office.heading, 'Find a person');
    await tabTo('#issuer');
    await keyboard.type(known.issuer);
    await tabTo('#number');
    await keyboard.type(known.number);
    await tabTo('#purpose');
    await keyboard.press('ArrowDown');
    await tabTo('#case');
    await keyboard.type('C-7');
    await keyboard.press('Enter');
    await shows(office.page.locator('main'), 'JUNIPER, ANTARES');
    const ring = await office.page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.notEqual(ring, 'none', 'the focus can be seen');
    await office.page.context().close();
  });

  test('the empty pages of a line on which nothing has happened', async () => {
    const empty = await openLine();
    try {
      const office = await OfficePage.of(browser, empty, 'supervisor', { expected: notSignedIn });
      for (const page of await office.pages()) {
        await office.go(page);
        await inspect(office.page, `office_${page}_empty`);
      }
      await empty.stopServer();
      await office.page.getByRole('link', { name: 'Cases' }).click();
      await shows(office.page.locator('main [role=alert]'), 'The server does not answer.');
      office.page.complaints.splice(0);
      await inspect(office.page, 'office_cases_failing');
      await office.page.context().close();
    } finally { await empty.close(); }
  });
});
assert.deepEqual(Object.keys(screens).sort(), looks.map(([screen]) => screen).sort());

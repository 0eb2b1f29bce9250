// Two editions, the second still to come: what each post enforces, what the next one would change, and whom it decides
// otherwise. Real programs; the answers that only a large procedure gets are put in the place of the server's.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { seal, sign, submit, writeEdition } from '../integration/support/editions.mjs';
import { alter, inspect, openBrowser, shows } from './support/browser.mjs';
import { openLine } from './support/line.mjs';
import { OfficePage } from './support/office.mjs';
import { serveTravellers } from './support/traffic.mjs';

const kDayMs = 86_400_000;
const kReferral = `
[[article]]
id        = "99"
text      = { en = "A resident of side A who leaves is referred.", ru = "Выезжающий житель стороны A направляется к старшему." }
prohibit  = { direction = "exit", category = "resident_a" }
otherwise = "refer"
`;
const kDifferences = /\/procedure\/differences$/;
const kDifferencesUrl = (url) => kDifferences.test(url.pathname);
const notSignedIn = [/status of 401/];

let folder;
let line;
let browser;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crossline-editions-'));
  const begins = Math.ceil(Date.now() / 1000) * 1000 + kDayMs;
  const first = writeEdition(folder, { from: begins - 2 * kDayMs, until: begins });
  line = await openLine({ options: ['--procedure', first] });
  const second = writeEdition(folder, { number: 2, supersedes: (await seal(first)).hash, from: begins, until: begins + kDayMs, articles: kReferral });
  writeFileSync(second, readFileSync(second, 'utf8').replace('companions_at_most = 8', 'companions_at_most = 12'));
  const adopted = await submit(line, await sign((await seal(second)).file, join(line.dir, 'signing')), line.account('negotiator'));
  assert.equal(adopted.code, 0, adopted.stderr);
  browser = await openBrowser();
  await serveTravellers(line, 20);
});
after(async () => {
  await browser?.close();
  await line?.close();
  rmSync(folder, { recursive: true, force: true });
});

// Opens one view of the procedure's page, runs the body and holds the browser's complaints against what the body expects.
const inView = (view, name, role, body, { expected = [], prepare = async () => {}, ...options } = {}) => test(name, async () => {
  const office = await OfficePage.of(browser, line, role, { expected: [...notSignedIn, ...expected], ...options });
  try {
    if (options.language) await office.page.locator('header select').first().selectOption(options.language);
    await prepare(office.page);
    await office.go('procedure');
    await office.page.locator('main .page > [role=group] button').nth(view).click();
    await body(office);
    assert.deepEqual(office.page.complaints, []);
  } finally { await office.page.context().close(); }
});
const [kPosts, kDifference, kShadow, kList] = [1, 2, 3, 4];

describe('whom the next edition decides otherwise', () => {
  inView(kDifference, 'a person for each changed clause, in words, with both decisions and their articles', 'staff', async (office) => {
    assert.equal(await office.page.locator('#before').inputValue(), '1');
    assert.equal(await office.page.locator('#after').inputValue(), '2');
    const referred = office.page.locator('main section[data-verdict=refer] li', { hasText: 'Article 99' });
    for (const words of ['Prohibits', 'residents of side A', 'exit']) await shows(referred, words);
    const [was, is] = [referred.locator('.decision').nth(0), referred.locator('.decision').nth(1)];
    for (const words of ['Edition 1', 'Allow', 'Article 1(1)', 'Residents of either side may cross in both directions.']) await shows(was, words);
    for (const words of ['Edition 2', 'Refer', 'Article 99', 'A resident of side A who leaves is referred.']) await shows(is, words);
    const allowed = office.page.locator('main section[data-verdict=allow] li', { hasText: 'Article 4(2)' });
    for (const words of ['Requires', 'companions']) await shows(allowed, words);
    for (const [list, articles] of [['New articles', '99'], ['Changed articles', '4(2)']]) await shows(office.page.locator('main .pairs > div', { hasText: list }), articles);
    await referred.locator('summary').click();
    assert.equal(JSON.parse(await referred.locator('pre').innerText()).direction, 'exit', 'the facts, for the command line');
    await inspect(office.page, 'office_differences_ten_inch_en');
  });

  for (const [screen, scheme] of [['phone', 'dark'], ['zoomed', 'light']]) {
    inView(kDifference, `in Russian, ${screen}, ${scheme}`, 'negotiator', async (office) => {
      const referred = office.page.locator('main section[data-verdict=refer] li', { hasText: 'Статья 99' });
      for (const words of ['жители стороны A', 'Выезжающий житель стороны A направляется к старшему.']) await shows(referred, words);
      await inspect(office.page, `office_differences_${screen}_ru_${scheme}`, { accessible: screen === 'phone' });
    }, { screen, scheme, language: 'ru' });
  }

  const nothing = (answer) => Object.assign(answer, { changes: [], nobody: false, open: [] });
  inView(kDifference, 'nobody, where that is proven', 'staff', async (office) => {
    await shows(office.page.locator('main [role=status]'), 'Proven: nobody is decided otherwise.');
    assert.equal(await office.page.locator('main section[data-verdict]').count(), 0);
  }, { prepare: (page) => alter(page, kDifferences, (answer) => Object.assign(nothing(answer), { nobody: true })) });

  inView(kDifference, 'what the solver left open is not proven, and said so', 'staff', async (office) => {
    await shows(office.page.locator('main [role=status]'), 'it is not proven that there is nobody');
    await shows(office.page.locator('main [role=status]'), /Not proven[^]*article 4\(2\): newly refused/);
    await shows(office.page.locator('main [role=alert]'), /disagree[^]*article 99: newly referred/);
    assert.equal(await office.page.getByText('Proven: nobody').count(), 0);
    await inspect(office.page, 'office_differences_open');
  }, { prepare: (page) => alter(page, kDifferences, (answer) => { nothing(answer).open = [
    { standing: 'not_proven', article: '4(2)', text: { en: 'not proven: article 4(2): newly refused' } },
    { standing: 'disagreement', article: '99', text: { en: 'solver and evaluator disagree about: article 99: newly referred' } },
  ]; }) });

  const refuse = (code) => (route) => route.fulfill({ status: 503, json: { status: 503, title: code, code, detail: code } });
  inView(kDifference, 'a server that works out another one is asked again, and says meanwhile that it takes a while', 'staff', async (office) => {
    await shows(office.page.locator('main [role=status]'), 'Working out whom the edition decides otherwise');
    await office.page.unroute(kDifferencesUrl);
    await shows(office.page.locator('main section[data-verdict=refer]'), 'Article 99');
  }, { expected: [/status of 503/], prepare: (page) => page.route(kDifferencesUrl, refuse('busy')) });

  inView(kDifference, 'what cannot be answered is an error that can be tried again', 'staff', async (office) => {
    await shows(office.page.locator('main [role=alert]'), 'The server is not ready.');
    await inspect(office.page, 'office_differences_failing');
    await office.page.unroute(kDifferencesUrl);
    await office.page.getByRole('button', { name: 'Try again' }).click();
    await shows(office.page.locator('main section[data-verdict=refer]'), 'Article 99');
  }, { expected: [/status of 503/], prepare: (page) => page.route(kDifferencesUrl, refuse('unavailable')) });
});

describe('the editions', () => {
  inView(kPosts, 'each post says what it enforces and what it holds', 'staff', async (office) => {
    const rows = office.page.getByRole('region', { name: 'What each post enforces' }).locator('tbody tr');
    for (const { agent } of line.agents) await shows(rows.filter({ hasText: agent }), /Edition 1[^]*Edition 2[^]*As agreed/);
    assert.equal(await rows.count(), line.agents.length);
    await inspect(office.page, 'office_posts');
  });

  inView(kShadow, 'the next one decides the movements of now, and is counted by article', 'supervisor', async (office) => {
    await shows(office.page.locator('main section'), 'Edition 2');
    const counts = await office.table('Differences by article');
    assert.equal(counts['99'][0], 'A resident of side A who leaves is referred.');
    assert.ok(Number(counts['99'][2]) > 0, 'newly referred');
    await inspect(office.page, 'office_shadow');
  });

  inView(kList, 'all are listed with the keys that signed them, the newest first', 'auditor', async (office) => {
    const rows = office.page.getByRole('region', { name: 'All editions' }).locator('tbody tr');
    await shows(rows.nth(0), /^2\s*Next/);
    await shows(rows.nth(1), /^1\s*In force/);
    assert.match(await rows.nth(0).innerText(), /\bA\s+([0-9a-f]{16}\s+){2}B\s+([0-9a-f]{16}\s+){2}G\s/);
    await inspect(office.page, 'office_editions');
  });
});

// Opens the built pages against the stand-in in a real browser, in every state that is worth a look: pictures to
// dev/shots/, axe's findings and anything the browser complains about to the terminal. Exit 1 when there is any.
//   npm run build && npm run look [-- words that the picture's name must hold]
import { createServer as createHttpServer } from 'node:http';
import { mkdir, readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import { createServer as createViteServer } from 'vite';

const folder = join(import.meta.dirname, '..');
const shots = join(import.meta.dirname, 'shots');
const only = process.argv.slice(2);

// The policy that agent and server send.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "media-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2', '.svg': 'image/svg+xml' };

const vite = await createViteServer({ root: folder, configFile: false, server: { middlewareMode: true }, appType: 'custom', logLevel: 'error' });
const { createMock, zoneFor } = await vite.ssrLoadModule('/dev/mock/index.ts');
const mock = createMock();
const server = createHttpServer((request, response) =>
  mock(request, response, async () => {
    const path = normalize(new URL(request.url, 'http://localhost').pathname).replace(/^\/$/, '/index.html');
    try {
      const body = await readFile(join(folder, 'dist', path));
      response.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'application/octet-stream', 'Content-Security-Policy': policy });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  }),
);
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});
let findings = 0;
const kLeastTargetPx = 75; // 20 mm
const kPatienceMs = 120_000; // a machine that also compiles is slow

const screens = {
  desk: { viewport: { width: 1440, height: 900 } },
  ten_inch: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, hasTouch: true },
  zoomed: { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }, // 1280 x 800 at 200 %
};

/** One look: opens a fresh page in a fresh scene, does `steps`, takes the picture, runs axe. */
async function look(name, { screen = 'ten_inch', scene = 'usual', language = 'en', scheme = 'light', path = '/station.html', fullPage = false, steps = async () => {} }) {
  if (only.length > 0 && !only.some((word) => name.includes(word))) return;
  const context = await browser.newContext({ ...screens[screen], colorScheme: scheme, locale: language, reducedMotion: 'reduce', timezoneId: 'Asia/Baku' });
  const page = await context.newPage();
  const complain = (what) => {
    findings += 1;
    console.log(`${name}: ${what}`);
  };
  page.on('pageerror', (error) => complain(`page error: ${error.message}`));
  page.on('console', (message) => {
    const expected = /the server responded with a status of (401|403|409|422|503|507)|net::ERR_EMPTY_RESPONSE/.test(message.text());
    if (message.type() === 'error' && !expected) complain(`console: ${message.text()}`);
  });
  page.setDefaultTimeout(kPatienceMs);
  await setScene('usual', { fresh: true, language });
  try {
    await page.goto(`${origin}${path}`);
    await page.waitForSelector('h1');
    await steps({ page, setScene, scan: (digit) => scan(page, digit) });
    await page.waitForTimeout(150);
    if (scene !== 'usual') {
      await setScene(scene);
      await page.waitForTimeout(900);
    }
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(shots, `${name}.png`), fullPage });
    await page.evaluate(axe.source);
    const result = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    for (const violation of result.violations) {
      complain(`axe ${violation.id}: ${violation.help} (${violation.nodes.length}) ${violation.nodes[0].target} ${violation.nodes[0].failureSummary?.split('\n')[1] ?? ''}`);
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (overflow > 0) complain(`scrolls sideways by ${overflow} px`);
    const sheet = await page.evaluate(() => Math.max(0, ...[...document.querySelectorAll('dialog')].map((one) => one.scrollWidth - one.clientWidth)));
    if (sheet > 0) complain(`the sheet scrolls sideways by ${sheet} px`);
    if (path === '/station.html') {
      const small = await page.evaluate((least) => [...document.querySelectorAll('button, a.button, input[type=checkbox], select')].filter((one) => one.getClientRects().length > 0)
        .map((one) => ({ words: (one.labels?.[0] ?? one).textContent.trim(), height: (one.type === 'checkbox' ? one.labels[0] : one).getBoundingClientRect().height }))
        .filter(({ height }) => height < least).map(({ words, height }) => `${words} ${Math.round(height)} px`), kLeastTargetPx);
      if (small.length > 0) complain(`lower than 20 mm: ${small.join(', ')}`);
    }
    const cut = await page.evaluate(() => [...document.querySelectorAll('.scroll:not(.tall)')].filter((frame) => frame.scrollWidth > frame.clientWidth + 1).map((frame) => frame.ariaLabel));
    if (cut.length > 0 && (screen === 'phone' || screen === 'zoomed')) complain(`tables that scroll sideways: ${cut.join(', ')}`);
  } catch (error) {
    complain(`${error.message}`);
    await page.screenshot({ path: join(shots, `${name}.png`) });
  }
  await context.close();
}

async function setScene(name, more = {}) {
  await fetch(`${origin}/dev/scene`, { method: 'POST', body: JSON.stringify({ name, ...more }) });
}

/** As a keyboard-wedge reader does. */
async function scan(page, digit) {
  const lines = zoneFor(digit).split('\n');
  for (const line of [lines[0], lines[1].padEnd(44, '0')]) {
    await page.keyboard.type(line, { delay: 2 });
    await page.keyboard.press('Enter');
  }
  await page.waitForTimeout(250);
}

async function startShift({ page }) {
  await page.getByRole('button', { name: 'officer-1' }).click();
  await page.locator('.tiles').nth(1).getByRole('button').first().click();
  await page.fill('#pin', '1234');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#scan');
}

const desk = (steps) => async (tools) => {
  await startShift(tools);
  await steps(tools);
};
const russian = (steps) => async (tools) => {
  const { page } = tools;
  await page.getByRole('button', { name: 'officer-2' }).click();
  await page.locator('.tiles').nth(1).getByRole('button').nth(1).click();
  await page.fill('#pin', '1234');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#scan');
  await steps(tools);
};
const signIn = (role, page_name, steps = async () => {}) => async (tools) => {
  const { page } = tools;
  await page.fill('#name', role);
  await page.fill('#password', 'demo');
  await page.keyboard.press('Enter');
  await page.waitForSelector('nav');
  if (page_name) await page.goto(`${origin}/index.html#/${page_name}`);
  await page.waitForSelector('main h1');
  await page.waitForTimeout(250);
  await steps(tools);
};

/** The page as it opens in that scene, not as it was before with the scene changed behind it. */
const inScene = (scene, page_name, reload = scene !== 'expired') => async (tools) => {
  await signIn('supervisor')(tools);
  await tools.setScene(scene);
  await tools.page.goto(`${origin}/index.html#/${page_name}`);
  if (reload) await tools.page.reload();
  await tools.page.waitForSelector('main h1');
  await tools.page.waitForTimeout(400);
};

await mkdir(shots, { recursive: true });

// The station
await look('station_shift', {});
await look('station_shift_wrong_pin', { steps: async ({ page }) => {
  await page.getByRole('button', { name: 'officer-1' }).click();
  await page.locator('.tiles').nth(1).getByRole('button').first().click();
  for (const digit of ['9', '9', '9', '9']) await page.getByRole('button', { name: digit, exact: true }).click();
  await page.locator('form .start .button').click();
  await page.waitForSelector('[role=alert]');
} });
await look('station_ready', { steps: desk(async () => {}) });
await look('station_allow_exit', { steps: desk(({ scan }) => scan(1)) });
await look('station_allow_entry_ru', { language: 'ru', steps: russian(({ scan }) => scan(1)) });
await look('station_passed', { steps: desk(async ({ page, scan }) => { await scan(1); await page.waitForTimeout(450); await page.keyboard.press('Enter'); await page.waitForTimeout(300); }) });
await look('station_refer', { steps: desk(({ scan }) => scan(5)) });
await look('station_refuse', { steps: desk(({ scan }) => scan(6)) });
await look('station_refuse_ru', { language: 'ru', steps: russian(({ scan }) => scan(6)) });
await look('station_hidden_names', { steps: desk(async ({ page, scan }) => { await page.keyboard.press('F7'); await scan(1); }) });
await look('station_check_digit', { steps: desk(({ scan }) => scan(7)) });
await look('station_repaired', { steps: desk(({ scan }) => scan(8)) });
await look('station_categories', { steps: desk(({ scan }) => scan(9)) });
await look('station_repeated', { steps: desk(async ({ page, scan }) => { await scan(1); await page.waitForTimeout(450); await page.keyboard.press('Enter'); await page.waitForTimeout(300); await scan(1); }) });
await look('station_offline', { scene: 'offline', steps: desk(async () => {}) });
await look('station_offline_allow', { steps: desk(async ({ setScene, scan, page }) => { await setScene('offline'); await page.waitForTimeout(600); await scan(2); }) });
await look('station_forked', { scene: 'forked', steps: desk(async () => {}) });
await look('station_alarmed', { scene: 'alarmed', steps: desk(async () => {}) });
await look('station_disk_full', { scene: 'disk_full', steps: desk(async () => {}) });
const group = async ({ page, scan }) => { await page.keyboard.press('F3'); await page.waitForTimeout(200); await scan(1); await scan(2); await scan(3); };
await look('station_group_empty', { steps: desk(async ({ page }) => { await page.keyboard.press('F3'); }) });
await look('station_group', { steps: desk(group) });
await look('station_group_allowed', { steps: desk(async (tools) => { await group(tools); await tools.page.keyboard.press('F3'); }) });
await look('station_group_referred', { steps: desk(async (tools) => { await group(tools); await tools.scan(5); await tools.page.keyboard.press('F3'); }) });
const recent = async ({ page, scan }) => { for (const digit of [5, 6, 1]) { await scan(digit); await page.waitForTimeout(450); await page.keyboard.press('Enter'); await page.waitForTimeout(200); } await page.keyboard.press('F6'); await page.locator('dialog li').first().waitFor(); };
const undo = async (tools) => { await recent(tools); await tools.page.locator('dialog li button').first().click(); };
const declare = async ({ page, setScene }) => { await setScene('declaring'); await page.waitForTimeout(900); await page.keyboard.press('F8'); await page.locator('dialog form').waitFor(); };
await look('station_recent', { steps: desk(recent) });
await look('station_undo', { steps: desk(undo) });
await look('station_declare', { steps: desk(declare) });
await look('station_recent_empty', { steps: desk(async ({ page, setScene }) => { await setScene('empty'); await page.keyboard.press('F6'); }) });
await look('station_help', { steps: desk(({ page }) => page.keyboard.press('F1')) });
await look('station_end_shift', { steps: desk(({ page }) => page.keyboard.press('F9')) });
const armenian = (steps) => desk(async (tools) => { await tools.setScene('armenian'); await steps(tools); });
for (const screen of ['phone', 'zoomed', 'ten_inch', 'desk']) {
  await look(`station_${screen}_refuse_hy`, { screen, fullPage: true, steps: armenian(({ scan }) => scan(6)) });
  await look(`station_${screen}_group_hy`, { screen, fullPage: true, steps: armenian(async (tools) => { await group(tools); await tools.page.keyboard.press('F3'); }) });
  await look(`station_${screen}_offline`, { screen, fullPage: true, scene: 'offline', steps: desk(async () => {}) });
  await look(`station_${screen}_shift`, { screen, fullPage: true });
  await look(`station_${screen}_ready`, { screen, fullPage: true, steps: desk(async () => {}) });
  await look(`station_${screen}_refuse`, { screen, fullPage: true, steps: desk(({ scan }) => scan(6)) });
  await look(`station_${screen}_allow_ru`, { screen, language: 'ru', fullPage: true, steps: russian(({ scan }) => scan(1)) });
  await look(`station_${screen}_group_ru`, { screen, language: 'ru', fullPage: true, steps: russian(group) });
  await look(`station_${screen}_group_referred_ru`, { screen, language: 'ru', fullPage: true, steps: russian(async (tools) => { await group(tools); await tools.scan(5); await tools.page.keyboard.press('F3'); }) });
  await look(`station_${screen}_undo_ru`, { screen, language: 'ru', steps: russian(undo) });
  await look(`station_${screen}_recent_ru`, { screen, language: 'ru', steps: russian(recent) });
  for (const [name, key] of [['help', 'F1'], ['category', 'F4'], ['end_shift', 'F9']]) {
    await look(`station_${screen}_${name}_ru`, { screen, language: 'ru', steps: russian(({ page }) => page.keyboard.press(key)) });
  }
  await look(`station_${screen}_declare_ru`, { screen, language: 'ru', steps: russian(declare) });
}

// The office
const office = '/index.html';
await look('office_sign_in', { path: office, screen: 'desk' });
await look('office_sign_in_errors', { path: office, screen: 'desk', steps: async ({ page }) => { await page.click('form button'); await page.fill('#name', 'nobody'); await page.fill('#password', 'x'); await page.keyboard.press('Enter'); await page.waitForSelector('[role=alert]'); } });
await look('office_sign_in_phone_ru_dark', { path: office, screen: 'phone', language: 'ru', scheme: 'dark' });
const lookUp = async ({ page }) => {
  await page.fill('#issuer', 'XAA');
  await page.fill('#number', 'L00000121');
  await page.selectOption('#purpose', 'stranded_person');
  await page.fill('#case', 'C-2026-118');
  await page.click('form .row .button');
  await page.waitForSelector('ol li');
};
for (const [suffix, more] of [['', {}], ['_ru_dark', { language: 'ru', scheme: 'dark' }], ['_phone_ru', { screen: 'phone', language: 'ru' }], ['_zoomed_ru', { screen: 'zoomed', language: 'ru' }]]) {
  const options = { path: office, screen: 'desk', fullPage: true, ...more };
  for (const name of ['line', 'find', 'between', 'cases', 'closures', 'quotas', 'statistics', 'procedure', 'ledger']) {
    await look(`office_${name}${suffix}`, { ...options, steps: signIn('supervisor', name) });
  }
  await look(`office_person${suffix}`, { ...options, steps: signIn('supervisor', 'find', lookUp) });
  for (const [i, view] of ['posts', 'differences', 'shadow', 'list'].entries()) {
    await look(`office_editions_${view}${suffix}`, { ...options, steps: signIn('supervisor', 'procedure', async ({ page }) => { await page.locator('main .page > [role=group] button').nth(i + 1).click(); await page.waitForTimeout(250); }) });
  }
  await look(`office_evidence${suffix}`, { ...options, steps: signIn('supervisor', 'find', async (tools) => {
    await lookUp(tools);
    for (const index of [0, 5]) {
      await tools.page.locator('main ol > li .row .button:has-text("erify"), main ol > li .row .button:has-text("роверить")').nth(index).click();
      await tools.page.locator('.evidence .notice').nth(index === 0 ? 0 : 1).waitFor();
    }
  }) });
  await look(`office_quotas_negotiator${suffix}`, { ...options, steps: signIn('negotiator', 'quotas') });
  await look(`office_negotiator${suffix}`, { ...options, steps: signIn('negotiator', 'statistics') });
}
await look('office_statistics_table', { path: office, screen: 'desk', fullPage: true, steps: signIn('negotiator', 'statistics', async ({ page }) => { await page.click('summary'); await page.selectOption('#group', 'week'); await page.getByRole('button', { name: /90/ }).click(); await page.waitForTimeout(200); }) });
await look('office_quotas_no_edition', { path: office, screen: 'desk', fullPage: true, steps: inScene('no_edition', 'quotas') });
for (const [language, word] of [['en', 'Slip'], ['ru', 'Талон']]) {
  await look(`office_find_slip_${language}`, { path: office, screen: 'phone', language, fullPage: true, steps: signIn('supervisor', 'find', async ({ page }) => { await page.getByRole('button', { name: word }).click(); }) });
}
await look('office_find_errors', { path: office, screen: 'desk', steps: signIn('supervisor', 'find', async ({ page }) => { await page.click('form .row .button'); }) });
for (const name of ['line', 'between', 'cases', 'closures', 'quotas', 'statistics', 'procedure', 'ledger']) {
  await look(`office_${name}_empty`, { path: office, screen: 'desk', fullPage: true, steps: inScene('empty', name) });
  await look(`office_${name}_failing`, { path: office, screen: 'desk', fullPage: true, steps: inScene('failing', name) });
}
for (const [name, before, after] of [['nobody', '1', '2'], ['open', '1', '3']]) {
  await look(`office_editions_differences_${name}`, { path: office, screen: 'desk', fullPage: true, steps: signIn('supervisor', 'procedure', async ({ page }) => {
    await page.locator('main .page > [role=group] button').nth(2).click();
    await page.selectOption('#before', before);
    await page.selectOption('#after', after);
    await page.waitForTimeout(250);
  }) });
}
for (const [scene, page, screens] of [['many', 'line', ['desk', 'phone']], ['many', 'between', ['desk', 'phone', 'zoomed']], ['forbidden', 'quotas', ['desk', 'phone']], ['unreachable', 'cases', ['desk', 'phone']]]) {
  for (const screen of screens) await look(`office_${page}_${scene}_${screen}`, { path: office, screen, fullPage: scene !== 'many', steps: inScene(scene, page, scene !== 'unreachable') });
}
for (const screen of ['desk', 'phone']) {
  await look(`office_expired_${screen}`, { path: office, screen, language: 'ru', steps: inScene('expired', 'between') });
  await look(`office_no_server_${screen}`, { path: office, screen, fullPage: true, steps: async (tools) => { await tools.setScene('unreachable'); await tools.page.reload(); await tools.page.waitForSelector('[role=alert]'); } });
  await look(`station_no_agent_${screen}`, { screen, scene: 'unreachable', fullPage: true, steps: desk(async () => {}) });
}
await look('office_stale', { path: office, screen: 'desk', scene: 'failing', steps: async (tools) => { await signIn('supervisor', 'line')(tools); await tools.setScene('failing'); await tools.page.waitForTimeout(3200); } });

await browser.close();
server.close();
await vite.close();
console.log(findings === 0 ? 'nothing to complain about' : `${findings} findings`);
process.exit(findings === 0 ? 0 : 1);

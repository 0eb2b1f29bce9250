// A real Chromium, and what every page has to stand: nothing the browser complains about, no serious finding of axe, no
// sideways scrolling. CROSSLINE_SHOTS=DIR keeps a picture of every page that is inspected.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { WAIT_MS } from '../../../scripts/lib/processes.mjs';

const console_ = createRequire(new URL('../../../console/package.json', import.meta.url));
const { chromium } = console_('playwright-core');
const axe = console_('axe-core');

const shots = process.env.CROSSLINE_SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

export const screens = {
  desktop: { viewport: { width: 1440, height: 900 } },
  ten_inch: { viewport: { width: 1280, height: 800 } },
  zoomed: { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },  // 1280 x 800 at 200 %
  phone: { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2, hasTouch: true },
};

export async function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CROSSLINE_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
}

// A page in a context of its own. `expected` are complaints of the browser that the test provokes.
export async function openPage(browser, url, { screen = 'ten_inch', language = 'en', scheme = 'light', expected = [], cookies = [] } = {}) {
  const context = await browser.newContext({ ...screens[screen], locale: language, colorScheme: scheme, reducedMotion: 'reduce', timezoneId: 'Asia/Baku', ignoreHTTPSErrors: true });
  context.setDefaultTimeout(WAIT_MS);
  await context.addCookies(cookies);
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected.some((pattern) => pattern.test(message.text()))) page.complaints.push(message.text());
  });
  await page.goto(url);
  await page.locator('h1').first().waitFor();
  return page;
}

// Fails with everything that is wrong with what the page shows now. Where it looks the same as on another screen, axe may
// be left out.
export async function inspect(page, name, { accessible = true } = {}) {
  await page.evaluate(() => document.fonts.ready);
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  const problems = [...page.complaints];
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (sideways > 0) problems.push(`scrolls sideways by ${sideways} px`);
  if (accessible) {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    for (const one of violations) problems.push(`axe ${one.id} (${one.impact}): ${one.help}: ${one.nodes.map((node) => node.target).join(', ')}`);
  }
  assert.deepEqual(problems, [], name);
}

// Rewrites the JSON answers of one path of the API on their way to the page.
export const alter = (page, path, change) => page.route((url) => url.pathname.startsWith('/api/v1') && path.test(url.pathname), async (route) => {
  const response = await route.fetch();
  const answer = await response.json();
  change(answer);
  await route.fulfill({ response, json: answer });
});

// Waits until `text` stands in what `locator` shows.
export async function shows(locator, text) {
  const pattern = text instanceof RegExp ? text : new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  await locator.filter({ hasText: pattern }).first().waitFor();
}

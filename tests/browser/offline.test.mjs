// The server is cut while people are at the desk: the same screen, decided here, nothing lost, everything sent later.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Office } from '../../scripts/lib/clients.mjs';
import { inspect, openBrowser, shows } from './support/browser.mjs';
import { Desk } from './support/desk.mjs';
import { daysFromNow, passport } from './support/documents.mjs';
import { openLine } from './support/line.mjs';

let line;
let browser;
let desk;
let next = 1;
const somebody = (more = {}) => passport({ number: `A${String(next++).padStart(7, '0')}`, secondary: 'POLARIS', ...more });

before(async () => {
  line = await openLine();
  browser = await openBrowser();
  desk = await Desk.open(browser, line.post('bridge', 'A').url);
  await desk.startShift(line.officer, 'exit');
});
after(async () => {
  await browser?.close();
  await line?.close();
});

const layout = () => desk.page.locator('header, main, nav, main > .scan, main > .panel, nav button').evaluateAll((parts) => parts.map((part) => part.tagName));

test('connected, a verdict is not said to be decided here', async () => {
  await desk.read(somebody());
  assert.ok(!(await desk.panel.innerText()).includes('Decided here'));
  await desk.confirm();
  await shows(desk.queue, 'Connected');
  await shows(desk.queue, 'Everything is sent');
});

test('without the server people pass on the same screen', async () => {
  const before = await layout();
  await line.killServer();
  const cut = Date.now();
  assert.equal(await desk.read(somebody()), 'May leave', 'at once, before anybody has noticed');
  await shows(desk.panel, 'Decided here, without the server');
  await shows(desk.queue, 'Working offline since');
  assert.ok(Date.now() - cut < 5_000, `offline after ${Date.now() - cut} ms`);
  await inspect(desk.page, 'station_offline');
  await desk.confirm();
  await shows(desk.queue, /1 record kept here, oldest \d/);
  assert.deepEqual(await layout(), before);
});

test('the verdicts are those of the procedure all the same', async () => {
  assert.equal(await desk.serve(somebody({ expiry: daysFromNow(-20) })), 'Stop');
  assert.equal(await desk.serve(somebody()), 'May leave');
  await shows(desk.queue, /3 records kept here, oldest \d/);
});

test('a page loaded while offline works', async () => {
  await desk.page.reload();
  await desk.ready();
  assert.equal(await desk.serve(somebody()), 'May leave');
  await shows(desk.queue, '4 records kept here');
});

test('what waited is sent when the server is back, all of it, once', async () => {
  await line.startServer();
  await shows(desk.queue, 'Connected');
  await shows(desk.queue, 'Everything is sent');
  const supervisor = new Office(line.server.url, line.server.ca);
  const { name, password } = line.account('supervisor');
  await supervisor.signIn(name, password);
  const { status_counts: counts } = await supervisor.call('GET', '/overview');
  supervisor.close();
  assert.equal(counts.between, 4);
  assert.equal(await desk.read(somebody()), 'May leave');
  assert.ok(!(await desk.panel.innerText()).includes('Decided here'));
  await desk.confirm();
  assert.deepEqual(desk.page.complaints, []);
});

test('the station program itself gone: the page says so in place of a verdict and lets nobody pass; it goes on by itself', async () => {
  assert.equal(await desk.read(somebody()), 'May leave');
  await line.killAgent('bridge-a-1');
  const stopped = desk.page.locator('main > .panel > section.stopped');
  await shows(stopped, 'Let nobody pass on this screen');
  await shows(desk.page.locator('main [role=alert]'), 'call the administrator');
  const panel = await desk.page.locator('main > .panel').innerText();
  assert.ok(!/May leave|Scan a document/.test(panel), panel);
  for (const key of ['Enter', 'Escape', 'F2', 'F3']) await desk.press(key);
  assert.equal(await stopped.count(), 1, 'no key does anything');
  desk.page.complaints.splice(0); // that nobody answers
  await inspect(desk.page, 'station_stopped');
  await line.startAgent('bridge-a-1');
  await desk.page.locator('main > .panel > section.ready, #pin').first().waitFor();
});

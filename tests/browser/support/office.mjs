// The console in the office as one signed-in person uses it.
import { until } from '../../../scripts/lib/processes.mjs';
import { openPage } from './browser.mjs';

export class OfficePage {
  constructor(page, url) {
    this.page = page;
    this.url = url;
    this.heading = page.locator('main h1');
    this.asked = [];  // every address the page asked for
    this.pending = new Set();  // questions that are not answered yet
    page.on('request', (request) => { this.asked.push(request.url()); this.pending.add(request); });
    for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => this.pending.delete(request));
  }

  static async open(browser, line, options) {
    return new OfficePage(await openPage(browser, line.server.url, options), line.server.url);
  }
  // Somebody of this role, who signed in once for all tests of a file.
  static async of(browser, line, role, options) {
    line.sessions ??= new Map();
    const cookies = line.sessions.get(role);
    const office = await OfficePage.open(browser, line, { ...options, cookies });
    if (!cookies) await office.signIn(line.account(role));
    await office.page.locator('nav').waitFor();
    line.sessions.set(role, await office.page.context().cookies());
    return office;
  }

  async signIn({ name, password }) {
    await this.page.locator('#name').fill(name);
    await this.page.locator('#password').fill(password);
    await this.page.locator('form .button').click();
  }
  // The pages that the navigation offers, by their names in the address.
  pages() { return this.page.locator('nav a').evaluateAll((links) => links.map((link) => link.getAttribute('href').slice(2))); }

  async go(name) {
    await this.page.evaluate((to) => { location.hash = to; }, `#/${name}`);
    await this.page.locator(`nav a[href="#/${name}"][aria-current=page]`).waitFor();
    await this.settled();
  }
  // Every question that the page asked is answered, also those that an answer led to, and nothing is loading any more.
  async settled() {
    await this.page.locator('main h1').waitFor();
    await until('the page to have its answers', async () => {
      await this.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      return this.pending.size === 0;
    }, { everyMs: 10 });
    await this.page.waitForFunction(() => ![...document.querySelectorAll('main [role=status]')].some((one) => /^(Loading|Загруж)/.test(one.textContent)));
  }

  async lookUp({ kind = 'passport', issuer, number, purpose = 'complaint', caseNumber = 'C-118' }) {
    await this.go('find');
    await this.page.locator('#kind').selectOption(kind);
    await this.page.locator('#issuer').fill(issuer);
    await this.page.locator('#number').fill(number);
    await this.page.locator('#purpose').selectOption(purpose);
    await this.page.locator('#case').fill(caseNumber);
    await this.page.locator('main form .button').last().click();
    await this.page.locator('main ol > li, main .empty').first().waitFor();
    await this.settled();
  }

  // The cells of a table, by row, as they are read: { heading: [cells] }.
  async table(name) {
    return this.page.getByRole('region', { name }).locator('tr').evaluateAll((rows) => Object.fromEntries(rows.filter((row) => row.querySelector('th[scope=row]'))
      .map((row) => [row.querySelector('th').textContent.trim(), [...row.querySelectorAll('td')].map((cell) => cell.textContent.trim())])));
  }

  // The status of one call of the interface, made from the page with its session.
  status(method, path, body) {
    return this.page.evaluate(async ([verb, to, sent]) => {
      const { csrf_token: token } = await (await fetch('/api/v1/session')).json();
      const answer = await fetch(`/api/v1${to}`, { method: verb, headers: { 'X-CSRF-Token': token ?? '', ...(sent ? { 'Content-Type': 'application/json' } : {}) }, ...(sent ? { body: JSON.stringify(sent) } : {}) });
      await answer.text();  // a body that nobody reads leaves the question unanswered
      return answer.status;
    }, [method, path, body]);
  }
}

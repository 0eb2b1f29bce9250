// The station page as its officer uses it.
import { openPage } from './browser.mjs';
import { Keyboard } from './keyboard.mjs';

// A key that follows a scan this closely is taken for the reader's.
const kReaderQuietMs = 450;
const words = {
  en: { exit: 'Exit', entry: 'Entry', ready: 'Scan a document' },
  ru: { exit: 'Выход', entry: 'Вход', ready: 'Считайте документ' },
};

export class Desk {
  constructor(page, keyboard) {
    this.page = page;
    this.keyboard = keyboard;
    this.field = page.locator('#scan');
    this.heading = page.locator('main h1');
    this.panel = page.locator('main > .panel > section');
    this.header = page.locator('header');
    this.queue = page.locator('header .pill');
  }

  static async open(browser, url, options) {
    const page = await openPage(browser, `${url}/station.html`, options);
    return new Desk(page, await Keyboard.of(page));
  }

  async startShift({ id, pin }, direction, language = 'en') {
    await this.page.getByRole('button', { name: id }).click();
    await this.page.getByRole('button', { name: language === 'ru' ? 'Русский' : 'English' }).click();
    await this.page.getByRole('button', { name: words[language][direction], exact: true }).click();
    await this.page.locator('#pin').fill(pin);
    await this.page.keyboard.press('Enter');
    await this.field.waitFor();
    this.words = words[language];
  }

  // What the desk shows for a scan: waits until the panel has news.
  async read(text, options) {
    await this.keyboard.read(text, options);
    return this.answered();
  }
  async type(text, options) {
    await this.keyboard.type(text, options);
    return this.answered();
  }
  async answered() {
    await this.page.locator('main > .panel > section.appears').waitFor();
    return (await this.heading.innerText()).trim();
  }

  // The officer's key, pressed when it can no longer be the reader's.
  async press(key) {
    await this.page.waitForTimeout(kReaderQuietMs);
    await this.page.keyboard.press(key);
  }
  async confirm() { await this.press('Enter'); await this.ready(); }
  async turnBack() { await this.press('Escape'); await this.ready(); }
  ready() { return this.page.locator('main > .panel > section.ready').waitFor(); }

  // One person from the scan to the next scan.
  async serve(text, key = 'Enter', options = {}) {
    const verdict = await this.read(text, options);
    await this.press(key);
    await this.ready();
    return verdict;
  }
}

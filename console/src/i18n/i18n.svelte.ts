// Words, dates and numbers in the language chosen. One instance per page; reading it in a template follows a change of
// the language.
import { IntlMessageFormat } from 'intl-messageformat';
import { closestLanguage, languages, messageIn, type MessageKey } from './languages';

type Values = Record<string, string | number | Date>;

const kStorageKey = 'crossline.language';

class I18n {
  language = $state('en');
  private readonly compiled = new Map<string, IntlMessageFormat>();

  /** Takes the language chosen before on this machine, else the browser's, else English. */
  start(): void {
    const stored = localStorage.getItem(kStorageKey);
    this.apply(closestLanguage([...(stored ? [stored] : []), ...navigator.languages]));
  }

  choose(language: string): void {
    this.apply(closestLanguage([language]));
    localStorage.setItem(kStorageKey, this.language);
  }

  message(key: MessageKey, values?: Values): string {
    const id = `${this.language}/${key}`;
    let format = this.compiled.get(id);
    if (!format) {
      format = new IntlMessageFormat(this.source(key), this.language);
      this.compiled.set(id, format);
    }
    return format.format(values) as string;
  }

  private apply(language: string): void {
    this.language = language;
    document.documentElement.lang = language;
  }

  private source(key: MessageKey): string {
    return messageIn(languages.find((language) => language.code === this.language), key);
  }
}

export const i18n = new I18n();

/** The message of this key in the language chosen. */
export function t(key: MessageKey, values?: Values): string {
  return i18n.message(key, values);
}

/** The text in the language chosen, else in English, else in any. */
export function textOf(text: Record<string, string> | undefined): string {
  return text ? textIn(i18n.language, text) : '';
}

/** The text in that language, else in the language chosen, in English, or in any. */
export function textIn(language: string, text: Record<string, string>): string {
  return text[language] ?? text[i18n.language] ?? text['en'] ?? Object.values(text)[0] ?? '';
}

// The languages of the console. A language is offered to people once its catalogue is complete; the others show what is
// being translated (src/i18n/catalogue.test.ts names the missing keys).
import az from './catalogue/az.json';
import en from './catalogue/en.json';
import fr from './catalogue/fr.json';
import hy from './catalogue/hy.json';
import ru from './catalogue/ru.json';

export type MessageKey = keyof typeof en;
export type Catalogue = Partial<Record<MessageKey, string>>;

export interface Language {
  code: string;
  /** In the language itself. */
  name: string;
  catalogue: Catalogue;
}

export const languages: readonly Language[] = [
  { code: 'en', name: 'English', catalogue: en },
  { code: 'ru', name: 'Русский', catalogue: ru },
  { code: 'hy', name: 'Հայերեն', catalogue: hy },
  { code: 'az', name: 'Azərbaycanca', catalogue: az },
  { code: 'fr', name: 'Français', catalogue: fr },
];

const keys = Object.keys(en) as MessageKey[];

export function missingKeys(language: Language): MessageKey[] {
  return keys.filter((key) => language.catalogue[key] === undefined);
}

/** Whether people may choose it: nobody is shown pages in two languages, let alone none of the one chosen. */
export const isComplete = (language: Language): boolean => missingKeys(language).length === 0;

export const offeredLanguages = languages.filter(isComplete);

/** The language's own message, else the English one. */
export function messageIn(language: Pick<Language, 'catalogue'> | undefined, key: MessageKey): string {
  return language?.catalogue[key] ?? en[key];
}

/** The offered language closest to what was asked for; English when there is none. */
export function closestLanguage(asked: readonly string[], offered: readonly Language[] = offeredLanguages): string {
  for (const tag of asked) {
    const code = tag.split(/[-_]/, 1)[0]!.toLowerCase();
    if (offered.some((language) => language.code === code)) return code;
  }
  return 'en';
}

import { describe, expect, test } from 'vitest';
import en from './catalogue/en.json';
import { closestLanguage, isComplete, languages, messageIn, missingKeys, offeredLanguages, type Language } from './languages';

const french = (catalogue: Language['catalogue']): Language => ({ code: 'fr', name: 'Français', catalogue });
const english = languages.find((language) => language.code === 'en')!;
const { close: _, ...allButClose } = en;

describe('which languages people may choose', () => {
  test('an empty catalogue is not offered', () => {
    expect(isComplete(french({}))).toBe(false);
    expect(offeredLanguages.filter((language) => Object.keys(language.catalogue).length === 0)).toEqual([]);
  });

  test('one that lacks a single message is not offered, and what it lacks is named', () => {
    expect(isComplete(french(allButClose))).toBe(false);
    expect(missingKeys(french(allButClose))).toEqual(['close']);
  });

  test('one that has them all is offered', () => {
    expect(isComplete(french(en))).toBe(true);
  });

  test('every code is there once', () => {
    expect(new Set(languages.map(({ code }) => code)).size).toBe(languages.length);
  });
});

describe('the language of a page', () => {
  const offered = [english, french(en)];

  test('is the first one asked for that is offered, whatever its region', () => {
    expect(closestLanguage(['hy-AM', 'fr_CA', 'en'], offered)).toBe('fr');
    expect(closestLanguage(['FR'], offered)).toBe('fr');
  });

  test('is English when none is, also when an incomplete one was chosen before or is the officer\'s', () => {
    expect(closestLanguage(['fr', 'hy'], [english])).toBe('en');
    expect(closestLanguage([], offered)).toBe('en');
  });

  test('is not mistaken for one whose code only begins alike', () => {
    expect(closestLanguage(['frr-DE'], offered)).toBe('en');
  });
});

describe('a message', () => {
  test('is the language\'s own where it has one, else the English one', () => {
    const half = french({ close: 'Fermer' });
    expect(messageIn(half, 'close')).toBe('Fermer');
    expect(messageIn(half, 'language')).toBe(en.language);
    expect(messageIn(undefined, 'language')).toBe(en.language);
  });
});

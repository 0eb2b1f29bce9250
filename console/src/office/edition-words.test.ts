import { expect, test } from 'vitest';
import type { Procedure } from '../api/server';
import { i18n } from '../i18n/i18n.svelte';
import { EditionWords } from './edition-words.svelte';

const answer = {
  edition: {
    categories: [{ name: 'resident_a', text: { en: 'Resident of side A', ru: 'Житель стороны A' } }],
    lists: [{ name: 'hold', text: { en: 'Hold list' } }, { name: 'watch', text: {} }], permits: [],
  },
} as unknown as Procedure;

test('calls things as the edition in force does, in the reader\'s language', async () => {
  const words = new EditionWords(() => Promise.resolve(answer));
  expect(words.of('categories', 'resident_a')).toBe('resident a');
  await words.load();
  expect(words.of('categories', 'resident_a')).toBe('Resident of side A');
  expect(words.names('lists')).toEqual(['hold', 'watch']);
  i18n.language = 'ru';
  expect(words.of('categories', 'resident_a')).toBe('Житель стороны A');
  i18n.language = 'en';
});

test('a name without words, of another kind or of another edition is read as it stands', async () => {
  const words = new EditionWords(() => Promise.resolve(answer));
  await words.load();
  expect(words.of('lists', 'watch')).toBe('watch');
  expect(words.of('categories', 'hold')).toBe('hold');
  expect(words.of('categories', 'staff_b')).toBe('staff b');
});

test('what was known stays when it cannot be asked again, and the error is told', async () => {
  let fails = false;
  const words = new EditionWords(() => (fails ? Promise.reject(new Error('gone')) : Promise.resolve(answer)));
  await words.load();
  fails = true;
  await expect(words.load()).rejects.toThrow('gone');
  await words.tryToLoad();
  expect(words.of('lists', 'hold')).toBe('Hold list');
});

test('without an edition there is nothing to name', async () => {
  const words = new EditionWords(() => Promise.resolve({ ...answer, edition: null }));
  await words.load();
  expect(words.names('lists')).toEqual([]);
  expect(words.of('lists', 'hold')).toBe('hold');
});

import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import en from './catalogue/en.json';
import { languages, missingKeys, offeredLanguages } from './languages';

/** The values that a message needs, whatever branch is taken. */
function argumentsOf(elements: MessageFormatElement[], found = new Set<string>()): Set<string> {
  for (const element of elements) {
    if (element.type === TYPE.literal || element.type === TYPE.pound) continue;
    found.add(element.value);
    if (element.type === TYPE.select || element.type === TYPE.plural) {
      for (const option of Object.values(element.options)) argumentsOf(option.value, found);
    }
  }
  return found;
}

function sources(folder: string): string {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(svelte|ts)$/.test(entry.name) && !entry.name.endsWith('.test.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

describe('catalogues', () => {
  test('English and Russian are complete', () => {
    expect(offeredLanguages.map((language) => language.code)).toEqual(expect.arrayContaining(['en', 'ru']));
  });

  test.each(languages)('$code: says what is still to be translated', (language) => {
    const missing = missingKeys(language);
    const which = missing.length === Object.keys(en).length ? 'all' : missing.join(', ');
    if (missing.length > 0) console.info(`${language.name} (${language.code}): ${missing.length} keys to translate: ${which}`);
    expect(missing.length === 0).toBe(offeredLanguages.includes(language));
  });

  test.each(languages)('$code: has no key that English lacks', (language) => {
    expect(Object.keys(language.catalogue).filter((key) => !(key in en))).toEqual([]);
  });

  test.each(languages)('$code: every message is well formed and takes the values that the English one takes', (language) => {
    for (const [key, message] of Object.entries(language.catalogue)) {
      const wanted = argumentsOf(parse(en[key as keyof typeof en]));
      expect(argumentsOf(parse(message)), key).toEqual(wanted);
    }
  });

  test('no message is unused', () => {
    const code = sources(join(import.meta.dirname, '..'));
    const dynamicPrefixes = [...code.matchAll(/`([a-z_.]+\.)\$\{/g)].map((match) => match[1]!);
    const unused = Object.keys(en).filter(
      (key) => !code.includes(`'${key}'`) && !dynamicPrefixes.some((prefix) => key.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });
});

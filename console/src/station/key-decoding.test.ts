import { describe, expect, test } from 'vitest';
import { handCharacter, usCharacter } from './key-decoding';

// What each layout gives for the keys that a US-keyboard reader presses for "P<A12".
const layouts = {
  us: ['P', '<', 'A', '1', '2'],
  russian: ['З', 'Б', 'Ф', '1', '2'],
  armenian: ['Պ', '«', 'Ա', 'է', 'թ'],
  azerbaijani: ['P', 'Ç', 'A', '1', '2'],
  french: ['P', '?', 'Q', '&', 'é'],
};
const presses = [
  { code: 'KeyP', shiftKey: true },
  { code: 'Comma', shiftKey: true },
  { code: 'KeyA', shiftKey: true },
  { code: 'Digit1', shiftKey: false },
  { code: 'Digit2', shiftKey: false },
];

describe('usCharacter', () => {
  test.each(Object.entries(layouts))('reads a scan on a machine with %s layout', (_, keys) => {
    const text = presses.map((press, i) => usCharacter({ ...press, key: keys[i] } as never)).join('');
    expect(text).toBe('P<A12');
  });

  test('gives every letter in both cases and every digit of both key blocks', () => {
    for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
      expect(usCharacter({ code: `Key${letter}`, shiftKey: true })).toBe(letter);
      expect(usCharacter({ code: `Key${letter}`, shiftKey: false })).toBe(letter.toLowerCase());
    }
    for (const digit of '0123456789') {
      expect(usCharacter({ code: `Digit${digit}`, shiftKey: false })).toBe(digit);
      expect(usCharacter({ code: `Numpad${digit}`, shiftKey: true })).toBe(digit);
    }
  });

  test('gives nothing for keys without a character', () => {
    for (const code of ['Enter', 'Tab', 'Escape', 'F2', 'ShiftLeft', 'ArrowUp', 'KeyAB', '', 'Unidentified']) {
      expect(usCharacter({ code, shiftKey: false })).toBeNull();
    }
  });
});

describe('handCharacter', () => {
  test('believes the layout when it gives a character of the zone', () => {
    expect(handCharacter({ code: 'KeyQ', key: 'a', shiftKey: false })).toBe('A'); // French
    expect(handCharacter({ code: 'IntlBackslash', key: '<', shiftKey: false })).toBe('<');
  });

  test('takes the key of a US keyboard when it does not', () => {
    expect(handCharacter({ code: 'KeyF', key: 'а', shiftKey: false })).toBe('F'); // Russian
    expect(handCharacter({ code: 'KeyW', key: 'ü', shiftKey: false })).toBe('W'); // Azerbaijani
    expect(handCharacter({ code: 'Comma', key: 'Б', shiftKey: true })).toBe('<');
    expect(handCharacter({ code: 'Digit4', key: "'", shiftKey: false })).toBe('4'); // French
  });
});

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

const press = (code: string, key: string, shiftKey = false, capsLock = false) => ({ code, key, shiftKey, capsLock });

describe('usCharacter', () => {
  test.each(Object.entries(layouts))('reads a scan on a machine with %s layout', (_, keys) => {
    const text = presses.map(({ code, shiftKey }, i) => usCharacter(press(code, keys[i]!, shiftKey))).join('');
    expect(text).toBe('P<A12');
  });

  test('gives every letter in both cases and every digit of both key blocks', () => {
    for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
      expect(usCharacter(press(`Key${letter}`, 'ж', true))).toBe(letter);
      expect(usCharacter(press(`Key${letter}`, 'ж'))).toBe(letter.toLowerCase());
    }
    for (const digit of '0123456789') {
      expect(usCharacter(press(`Digit${digit}`, 'é'))).toBe(digit);
      expect(usCharacter(press(`Numpad${digit}`, digit, true))).toBe(digit);
    }
  });

  test('believes a reader that sends capitals and fillers without shift', () => {
    expect(usCharacter(press('KeyL', 'L'))).toBe('L');
    expect(usCharacter(press('Comma', '<'))).toBe('<');
  });

  test('is not misled by a caps lock that was left on', () => {
    expect(usCharacter(press('KeyL', 'l', true, true))).toBe('L');
    expect(usCharacter(press('KeyL', 'L', false, true))).toBe('l');
  });

  test('gives nothing for keys without a character', () => {
    for (const code of ['Enter', 'Tab', 'Escape', 'F2', 'ShiftLeft', 'ArrowUp', 'KeyAB', '', 'Unidentified']) {
      expect(usCharacter(press(code, code))).toBeNull();
    }
  });
});

describe('handCharacter', () => {
  test('believes the layout when it gives a character of the zone', () => {
    expect(handCharacter(press('KeyQ', 'a'))).toBe('A'); // French
    expect(handCharacter(press('IntlBackslash', '<'))).toBe('<');
  });

  test('takes the key of a US keyboard when it does not', () => {
    expect(handCharacter(press('KeyF', 'а'))).toBe('F'); // Russian
    expect(handCharacter(press('KeyW', 'ü'))).toBe('W'); // Azerbaijani
    expect(handCharacter(press('Comma', 'Б', true))).toBe('<');
    expect(handCharacter(press('Digit4', "'"))).toBe('4'); // French
  });
});

// What a keyboard-wedge reader meant, whatever layout the machine has. A reader sends key codes of a US keyboard; the
// machine turns them into characters of its own layout, and a Russian, Armenian, Azerbaijani or French one garbles them.
// `KeyboardEvent.code` names the physical key, so the US character can be had back from it.

/** One key press, as much of a KeyboardEvent as is needed. */
export interface KeyPress {
  code: string;
  key: string;
  shiftKey: boolean;
  capsLock: boolean;
  /** When, in milliseconds of any steady clock. */
  atMs: number;
}

const shiftedDigits = [')', '!', '@', '#', '$', '%', '^', '&', '*', '('] as const;

const punctuation: Record<string, readonly [plain: string, shifted: string]> = {
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Backslash: ['\\', '|'],
  Semicolon: [';', ':'],
  Quote: ["'", '"'],
  Backquote: ['`', '~'],
  Comma: [',', '<'],
  Period: ['.', '>'],
  Slash: ['/', '?'],
  IntlBackslash: ['<', '>'],
  Space: [' ', ' '],
  NumpadAdd: ['+', '+'],
  NumpadSubtract: ['-', '-'],
  NumpadMultiply: ['*', '*'],
  NumpadDivide: ['/', '/'],
  NumpadDecimal: ['.', '.'],
};

function usPair(code: string): readonly [plain: string, shifted: string] | null {
  if (/^Key[A-Z]$/.test(code)) return [code.charAt(3).toLowerCase(), code.charAt(3)];
  const digit = /^(Digit|Numpad)([0-9])$/.exec(code);
  if (digit) {
    const value = digit[2]!;
    return [value, digit[1] === 'Digit' ? shiftedDigits[Number(value)]! : value];
  }
  return punctuation[code] ?? null;
}

/**
 * The character of this key on a US keyboard; null for keys that give none. Where the layout gives one of the key's two
 * US characters it is believed, since some readers send capitals without pressing shift; but not under caps lock, which
 * somebody left on and which would swap the case.
 */
export function usCharacter(press: Omit<KeyPress, 'atMs'>): string | null {
  const pair = usPair(press.code);
  if (!pair) return null;
  if (!press.capsLock && pair.includes(press.key)) return press.key;
  return pair[press.shiftKey ? 1 : 0];
}

const zoneAlphabet = /^[A-Z0-9<]$/;

/**
 * The character that a person typing a zone by hand meant: what the layout says when that can stand in a zone,
 * otherwise what the key says on a US keyboard. So an `A` typed on a French keyboard stays an `A`, and a digit above it
 * or a letter of a Cyrillic keyboard still gives the one printed beside it in Latin. Always in upper case.
 */
export function handCharacter(press: Omit<KeyPress, 'atMs'>): string | null {
  const typed = press.key.toUpperCase();
  if (zoneAlphabet.test(typed)) return typed;
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(press.code);
  if (digit) return digit[1] ?? null;
  return usCharacter(press)?.toUpperCase() ?? null;
}

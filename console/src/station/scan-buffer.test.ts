import { describe, expect, test } from 'vitest';
import { ScanBuffer, isWholeZone, kReaderQuietMs, type CompleteScan, type ReaderFraming } from './scan-buffer';

const kPlain: ReaderFraming = { prefix: '', suffix: '', terminator: 'enter' };
const kZone = ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'];

/** A reader or a hand: presses the keys of a US keyboard for `text`, one every `gapMs`. */
class Typist {
  nowMs = 1_000;
  scans: CompleteScan[] = [];

  constructor(readonly buffer: ScanBuffer, readonly gapMs: number, readonly keyOf = (us: string) => us) {}

  type(text: string): this {
    for (const character of text) this.press(character);
    return this;
  }

  press(character: string): void {
    this.nowMs += this.gapMs;
    const scan = this.buffer.press({ ...this.physical(character), capsLock: false, atMs: this.nowMs });
    if (scan) this.scans.push(scan);
  }

  settle(afterMs: number): CompleteScan | null {
    return this.buffer.settle(this.nowMs + afterMs);
  }

  private physical(character: string) {
    if (character === '\n') return { code: 'Enter', key: 'Enter', shiftKey: false };
    if (character === '\t') return { code: 'Tab', key: 'Tab', shiftKey: false };
    if (character === '<') return { code: 'Comma', key: this.keyOf('<'), shiftKey: true };
    if (character === '#') return { code: 'Digit3', key: this.keyOf('#'), shiftKey: true };
    if (/[0-9]/.test(character)) return { code: `Digit${character}`, key: this.keyOf(character), shiftKey: false };
    return { code: `Key${character.toUpperCase()}`, key: this.keyOf(character), shiftKey: /[A-Z]/.test(character) };
  }
}

const reader = (framing = kPlain, keyOf?: (us: string) => string) => new Typist(new ScanBuffer(framing), 4, keyOf);
const hand = () => new Typist(new ScanBuffer(kPlain), 140);

describe('ScanBuffer with a reader', () => {
  test('completes a zone at the terminator of its last line', () => {
    const typist = reader().type(`${kZone[0]}\n${kZone[1]}\n`);
    expect(typist.scans).toEqual([{ text: kZone.join('\n'), typed: false }]);
    expect(typist.buffer.empty).toBe(true);
  });

  test('reads key codes whatever the layout makes of them', () => {
    const typist = reader(kPlain, (us) => (us === '<' ? 'Б' : us === '1' ? '&' : 'ф')).type(`${kZone[0]}\n${kZone[1]}\n`);
    expect(typist.scans[0]?.text).toBe(kZone.join('\n'));
  });

  test('takes doubled terminators for one', () => {
    const typist = reader().type(`${kZone[0]}\n\n${kZone[1]}\n\n`);
    expect(typist.scans).toHaveLength(1);
    expect(typist.buffer.empty).toBe(true);
  });

  test('completes an unbroken zone at its only terminator', () => {
    expect(reader().type(`${kZone.join('')}\n`).scans).toEqual([{ text: kZone.join(''), typed: false }]);
  });

  test('hands over what is no zone once the reader is quiet', () => {
    const typist = reader().type('PERMIT12345\n');
    expect(typist.scans).toEqual([]);
    expect(typist.settle(kReaderQuietMs - 1)).toBeNull();
    expect(typist.settle(kReaderQuietMs)).toEqual({ text: 'PERMIT12345', typed: false });
  });

  test('does not settle before a terminator came', () => {
    expect(reader().type(kZone[0]!).settle(10_000)).toBeNull();
  });

  test('removes prefix and suffix', () => {
    const typist = reader({ prefix: '#', suffix: '##', terminator: 'enter' }).type(`#${kZone.join('')}##\n`);
    expect(typist.scans[0]?.text).toBe(kZone.join(''));
  });

  test('accepts Tab as terminator only when so configured', () => {
    expect(reader({ ...kPlain, terminator: 'tab' }).type(`${kZone.join('')}\t`).scans).toHaveLength(1);
    expect(reader().type(`${kZone.join('')}\t`).scans).toHaveLength(0);
  });

  test('starts anew after more than any document holds', () => {
    const typist = reader().type('A'.repeat(1_536)).type(`${kZone.join('')}\n`);
    expect(typist.scans.at(-1)?.text).toBe(kZone.join(''));
  });
});

describe('ScanBuffer with a hand', () => {
  test('waits for the second line, corrects, and completes', () => {
    const typist = hand().type(`${kZone[0]!.toLowerCase()}\n`);
    expect(typist.scans).toEqual([]);
    typist.type('X');
    typist.buffer.press({ code: 'Backspace', key: 'Backspace', shiftKey: false, capsLock: false, atMs: (typist.nowMs += 140) });
    typist.type(`${kZone[1]}\n`);
    expect(typist.scans).toEqual([{ text: kZone.join('\n'), typed: true }]);
  });

  test('hands over anything else at once', () => {
    expect(hand().type('AB12\n').scans).toEqual([{ text: 'AB12', typed: true }]);
  });

  test('an Enter alone is no scan', () => {
    expect(hand().type('\n').scans).toEqual([]);
  });
});

describe('isWholeZone', () => {
  test('knows the five sizes and nothing else', () => {
    const line = (length: number) => '<'.repeat(length);
    expect(isWholeZone([line(30), line(30), line(30)])).toBe(true);
    expect(isWholeZone([line(36), line(36)])).toBe(true);
    expect(isWholeZone([line(44), line(44)])).toBe(true);
    for (const length of [72, 88, 90]) expect(isWholeZone([line(length)])).toBe(true);
    expect(isWholeZone([line(30), line(30)])).toBe(false);
    expect(isWholeZone([line(44)])).toBe(false);
    expect(isWholeZone([])).toBe(false);
  });
});

// Collects key presses into one scan: from a reader, which types a line in a few milliseconds, or from a hand.
//
// A reader's terminator comes after every line or after the last one only, alone or doubled (CR LF). A scan is complete
// when it holds a whole zone, or when the terminator came and the reader then kept quiet. A hand presses Enter after
// each line.
import { handCharacter, usCharacter, type KeyPress } from './key-decoding';

export interface ReaderFraming {
  prefix: string;
  suffix: string;
  terminator: 'enter' | 'tab';
}

export interface CompleteScan {
  text: string;
  /** By hand, not by a reader. */
  typed: boolean;
}

/** Two key presses closer than this come from a reader; the fastest typists need about 60 ms. */
export const kReaderGapMs = 35;
/** A reader that is quiet for this long after a terminator has sent everything. */
export const kReaderQuietMs = 150;
const kMaxCharacters = 1_536;  // a slip is longer than any document
const kLinesOfLength: Record<number, number> = { 30: 3, 36: 2, 44: 2 };
const kUnbrokenLengths = [90, 72, 88];

export class ScanBuffer {
  private presses: (KeyPress & { newline: boolean })[] = [];
  private lastPressAtMs = -Infinity;

  constructor(private readonly framing: ReaderFraming) {}

  get empty(): boolean {
    return this.presses.length === 0;
  }

  /** Whether most presses follow each other as only a reader's do. */
  get fromReader(): boolean {
    if (this.presses.length < 3) return false;
    let quick = 0;
    for (let i = 1; i < this.presses.length; ++i) {
      if (this.presses[i]!.atMs - this.presses[i - 1]!.atMs <= kReaderGapMs) ++quick;
    }
    return quick * 2 > this.presses.length - 1;
  }

  /** What has been read so far, lines separated by `\n`, without the reader's prefix and suffix. */
  get text(): string {
    const decode = this.fromReader ? usCharacter : handCharacter;
    const raw = this.presses.map((press) => (press.newline ? '\n' : (decode(press) ?? ''))).join('');
    return this.unframed(raw);
  }

  /** Takes one key press. Returns the scan when this press completes it. Keys without a character are ignored. */
  press(press: KeyPress): CompleteScan | null {
    if (this.presses.length >= kMaxCharacters) this.clear();
    this.lastPressAtMs = press.atMs;
    if (this.isTerminator(press)) return this.terminate(press);
    if (press.code === 'Backspace') {
      this.presses.pop();
      return null;
    }
    if (usCharacter(press) === null && handCharacter(press) === null) return null;
    this.presses.push({ ...press, newline: false });
    return null;
  }

  /** Returns the scan when a reader has ended it with a terminator and kept quiet since. Call it now and then. */
  settle(nowMs: number): CompleteScan | null {
    const ended = this.presses.at(-1)?.newline === true;
    if (!ended || !this.fromReader || nowMs - this.lastPressAtMs < kReaderQuietMs) return null;
    return this.take();
  }

  clear(): void {
    this.presses = [];
  }

  private isTerminator(press: KeyPress): boolean {
    return press.code === 'Enter' || press.code === 'NumpadEnter' || (press.code === 'Tab' && this.framing.terminator === 'tab');
  }

  private terminate(press: KeyPress): CompleteScan | null {
    if (this.empty || this.presses.at(-1)!.newline) return null;
    this.presses.push({ ...press, newline: true });
    const lines = this.text.split('\n').filter((line) => line !== '');
    if (isWholeZone(lines)) return this.take();
    const moreToCome = this.fromReader || isUnfinishedZone(lines);
    return moreToCome ? null : this.take();
  }

  private take(): CompleteScan {
    const scan = { text: this.text.replace(/\n+$/, ''), typed: !this.fromReader };
    this.clear();
    return scan;
  }

  private unframed(raw: string): string {
    const { prefix, suffix } = this.framing;
    let text = prefix !== '' && raw.startsWith(prefix) ? raw.slice(prefix.length) : raw;
    const trimmed = text.replace(/\n+$/, '');
    if (suffix !== '' && trimmed.endsWith(suffix)) text = trimmed.slice(0, -suffix.length);
    return text;
  }
}

/** Lines of a whole machine readable zone, or all of them in one unbroken line. */
export function isWholeZone(lines: string[]): boolean {
  const first = lines[0];
  if (first === undefined) return false;
  if (lines.length === 1) return kUnbrokenLengths.includes(first.length);
  return lines.length === kLinesOfLength[first.length];
}

/** The first lines of a zone: another one must follow. */
function isUnfinishedZone(lines: string[]): boolean {
  const wanted = kLinesOfLength[lines[0]?.length ?? 0];
  return wanted !== undefined && lines.length < wanted;
}

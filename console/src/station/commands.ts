// Which key does what at the desk.
export type Command = 'confirm' | 'back' | 'direction' | 'group' | 'category' | 'recent' | 'hide' | 'declare' | 'end_shift' | 'help';

const commands: Record<string, Command> = {
  Enter: 'confirm',
  NumpadEnter: 'confirm',
  Escape: 'back',
  F1: 'help',
  F2: 'direction',
  F3: 'group',
  F4: 'category',
  F6: 'recent',
  F7: 'hide',
  F8: 'declare',
  F9: 'end_shift',
};

/** The command of a key; null for all others, and for keys pressed with Ctrl, Alt or the system key. */
export function commandOf(press: { code: string; ctrlKey: boolean; altKey: boolean; metaKey: boolean }): Command | null {
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  return commands[press.code] ?? null;
}

/** What follows a scan within this time may still be the reader's. */
export const kReaderPauseMs = 400;

/**
 * Keeps a reader's keys from being taken for an officer's. A reader that ends a scan with one Enter too many must not
 * let anybody pass, and a scan sent while a dialog is open must not press its buttons.
 */
export class ReaderGuard {
  private lastKeyAtMs = -Infinity;
  private readerAtMs = -Infinity;

  constructor(
    private readonly readerGapMs: number,
    private readonly quietMs: number,
  ) {}

  /** Notes one key press, of whatever key. */
  key(atMs: number): void {
    if (atMs - this.lastKeyAtMs <= this.readerGapMs) this.readerAtMs = atMs;
    this.lastKeyAtMs = atMs;
  }

  /** A scan ended now, however it came: what follows closely belongs to it. */
  scanned(atMs: number): void {
    this.readerAtMs = atMs;
  }

  /** Whether a key pressed now may still be the reader's. */
  suspects(atMs: number): boolean {
    return atMs - this.readerAtMs < this.quietMs;
  }
}

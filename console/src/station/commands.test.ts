import { describe, expect, test } from 'vitest';
import { commandOf, ReaderGuard } from './commands';

const plain = { ctrlKey: false, altKey: false, metaKey: false };

describe('commandOf', () => {
  test('names the keys of the desk', () => {
    expect(commandOf({ code: 'Enter', ...plain })).toBe('confirm');
    expect(commandOf({ code: 'Escape', ...plain })).toBe('back');
    expect(commandOf({ code: 'F2', ...plain })).toBe('direction');
  });

  test('leaves the browser its own', () => {
    expect(commandOf({ code: 'F5', ...plain })).toBeNull();
    expect(commandOf({ code: 'Enter', ...plain, ctrlKey: true })).toBeNull();
    expect(commandOf({ code: 'F4', ...plain, altKey: true })).toBeNull();
    expect(commandOf({ code: 'KeyA', ...plain })).toBeNull();
  });
});

describe('ReaderGuard', () => {
  const guard = () => new ReaderGuard(35, 400);

  test('suspects what follows a burst of keys until it is quiet', () => {
    const subject = guard();
    subject.key(1_000);
    expect(subject.suspects(1_000)).toBe(false);
    subject.key(1_005);
    expect(subject.suspects(1_005)).toBe(true);
    expect(subject.suspects(1_404)).toBe(true);
    expect(subject.suspects(1_405)).toBe(false);
  });

  test('suspects an Enter just after a scan that was typed slowly', () => {
    const subject = guard();
    subject.key(1_000);
    subject.scanned(1_000);
    subject.key(1_100);
    expect(subject.suspects(1_100)).toBe(true);
  });

  test('does not suspect an officer', () => {
    const subject = guard();
    for (const atMs of [0, 60, 180, 300]) {
      subject.key(atMs);
      expect(subject.suspects(atMs)).toBe(false);
    }
  });
});

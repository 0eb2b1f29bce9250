import { describe, expect, test } from 'vitest';
import { keyed } from './keyed';

const keysOf = (...names: (string | number)[]) => keyed(names, (name) => name).map((one) => one.key);

describe('keyed', () => {
  test('gives every item a key of its own, however often a name comes', () => {
    for (const names of [[], ['a'], ['a', 'b'], ['a', 'a', 'a'], ['a', '1/a', '0/a', 'a'], [7, '7', 7]]) {
      expect(new Set(keysOf(...names)).size).toBe(names.length);
    }
  });

  test('leaves the order, and counts what was there before', () => {
    expect(keyed(['x', 'y', 'x', 'x'], (name) => name).map(({ item, repetition }) => [item, repetition])).toEqual([['x', 0], ['y', 0], ['x', 1], ['x', 2]]);
  });

  test('a key stays the same while others come and go before it', () => {
    expect(keysOf('new', 'a', 'b').slice(1)).toEqual(keysOf('a', 'b'));
  });
});

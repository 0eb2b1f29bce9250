import { expect, test } from 'vitest';
import { wordLines } from './overridden';

test('wordLines tells whose word it was, and why it was given', () => {
  const word = { role: 'A.supervisor', given_at: '2026-11-30T10:00:00Z', reason: 'the aunt is known', ledger_index: 7 };
  const [line, ...others] = wordLines({ id: '4(3)', text: {}, words: [word] });
  expect(others).toEqual([]);
  expect(line).toMatch(/^Supervisor .*: the aunt is known \(record 7\)$/);
});

import { describe, expect, test } from 'vitest';
import type { LedgerRecord, Timeline } from '../api/server';
import { HonestServer } from '../evidence/chain.fixture';
import { repetitionsOf, rowsOf } from './timeline';

const server = new HonestServer(9, 9);
const at = (index: number, more: Partial<LedgerRecord> = {}) => ({ ...server.record(index), ...more });
function page(records: LedgerRecord[], next_cursor: string | null = null): Timeline {
  return { as_of: { at: '', state: 'settled', settled_size: 9, cosigners: [], tree_head: { origin: '', size: 9, root: '' } }, subject: '', records, next_cursor, current: {} as Timeline['current'] };
}

describe('the rows of a timeline', () => {
  test('each names the record before it; the last one only where nothing follows', () => {
    expect(rowsOf(page([at(7), at(4), at(0)])).map((row) => row.previous)).toEqual([4, 0, null]);
    expect(rowsOf(page([at(7), at(4)], 'next')).map((row) => row.previous)).toEqual([4, undefined]);
  });

  test('a record that comes twice stands there twice, each under a key of its own and with the same record before it', () => {
    const rows = rowsOf(page([at(7), at(7), at(4), at(7)]));
    expect(rows.map((row) => row.record.ledger_index)).toEqual([7, 7, 4, 7]);
    expect(new Set(rows.map((row) => row.key)).size).toBe(4);
    expect(rows.map((row) => row.previous)).toEqual([4, 4, 7, null]);
    expect(rowsOf(page([at(7), at(7)])).map((row) => row.previous)).toEqual([null, null]);
  });
});

describe('repetitions', () => {
  test('an honest page has none', () => {
    expect(repetitionsOf(page([]))).toEqual([]);
    expect(repetitionsOf(page([at(7), at(4), at(0)]))).toEqual([]);
  });

  test('the same record twice, whatever the order of its members', () => {
    const reversed = Object.fromEntries(Object.entries(at(7)).reverse()) as unknown as LedgerRecord;
    expect(repetitionsOf(page([at(7), at(4), reversed]))).toEqual([{ ledgerIndex: 7, times: 2, differs: false }]);
  });

  test('two contents under one index are told apart from that', () => {
    const other = at(7, { movement: { ...at(7).movement!, outcome: 'refused' } });
    expect(repetitionsOf(page([at(7), at(7), other, at(4), at(4)]))).toEqual([{ ledgerIndex: 7, times: 3, differs: true }, { ledgerIndex: 4, times: 2, differs: false }]);
  });
});

import { describe, expect, test } from 'vitest';
import type { StatisticsRow } from '../api/server';
import { addDays, bothCounts, byCheckpoint, cellsOf, changePercent, dayOn, daysInForce, periodOf, periodsBetween, rangeBefore, series, sum } from './figures';

function row(period: string, checkpoint: string, side: 'A' | 'B', entries: number | null, exits: number | null): StatisticsRow {
  return { period, checkpoint, side, entries, exits, net: entries === null || exits === null ? null : entries - exits, refused: 1, referred: 0 };
}
const rows = [
  row('2026-10-01', 'bridge', 'A', 20, 50),
  row('2026-10-01', 'bridge', 'B', 48, 20),
  row('2026-10-01', 'ford', 'A', null, 12),
  row('2026-10-03', 'ford', 'A', 11, 30),
];

describe('periods', () => {
  test('a week begins on Monday, a month on its first', () => {
    expect(periodOf('2026-10-01', 'day')).toBe('2026-10-01');
    expect(periodOf('2026-10-01', 'week')).toBe('2026-09-28');
    expect(periodOf('2026-10-05', 'week')).toBe('2026-10-05');
    expect(periodOf('2026-10-04', 'week')).toBe('2026-09-28');
    expect(periodOf('2026-10-31', 'month')).toBe('2026-10-01');
  });

  test('cover the days asked for without a gap, over the ends of months and leap days', () => {
    expect(periodsBetween('2028-02-28', '2028-03-01', 'day')).toEqual(['2028-02-28', '2028-02-29', '2028-03-01']);
    expect(periodsBetween('2026-09-30', '2026-10-12', 'week')).toEqual(['2026-09-28', '2026-10-05', '2026-10-12']);
    expect(periodsBetween('2026-12-31', '2027-01-01', 'month')).toEqual(['2026-12-01', '2027-01-01']);
    expect(periodsBetween('2026-10-02', '2026-10-01', 'day')).toEqual([]);
  });

  test('the range before is as long and ends the day before', () => {
    expect(rangeBefore('2026-10-08', '2026-10-14')).toEqual({ from: '2026-10-01', to: '2026-10-07' });
    expect(rangeBefore('2026-03-01', '2026-03-01')).toEqual({ from: '2026-02-28', to: '2026-02-28' });
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  });
});

describe('figures of the API', () => {
  test('keep what is hidden hidden, and zero zero', () => {
    const shown = cellsOf({ entries: 0, exits: null, net: null, refused: 12, referred: 3 });
    expect(shown.entries).toEqual({ value: 0, hidden: false });
    expect(shown.exits.hidden && shown.net.hidden).toBe(true);
    expect([shown.refused.value, shown.referred.value]).toEqual([12, 3]);
  });
});

describe('series', () => {
  const periods = ['2026-10-01', '2026-10-02', '2026-10-03'];

  test('adds the checkpoints of one side and fills days without movement with zeros', () => {
    const [first, second, third] = series(rows, 'A', periods);
    expect(first!.exits).toEqual({ value: 62, hidden: false });
    expect(second!.entries).toEqual({ value: 0, hidden: false });
    expect(third!.net).toEqual({ value: -19, hidden: false });
  });

  test('a hidden part makes the sum a lower bound and the net hidden', () => {
    const [first] = series(rows, 'A', periods);
    expect(first!.entries).toEqual({ value: 20, hidden: true });
    expect(first!.net.hidden).toBe(true);
  });

  test('the checkpoints add up to the whole', () => {
    const parts = byCheckpoint(rows, 'A');
    expect(parts.map((part) => part.checkpoint)).toEqual(['bridge', 'ford']);
    const whole = sum(rows.filter((item) => item.side === 'A'));
    expect(parts[0]!.exits.value + parts[1]!.exits.value).toBe(whole.exits.value);
  });

  test('puts the two counts of one crossing beside each other', () => {
    const [first] = bothCounts(rows, 'A', periods);
    expect(first).toEqual({
      period: '2026-10-01',
      exits: { value: 62, hidden: false },
      entries: { value: 48, hidden: false },
      difference: { value: 14, hidden: false },
    });
  });
});

test('a change is told in percent only when it can be', () => {
  const shown = (value: number) => ({ value, hidden: false });
  expect(changePercent(shown(112), shown(100))).toBe(12);
  expect(changePercent(shown(0), shown(40))).toBe(-100);
  expect(changePercent(shown(5), shown(0))).toBeNull();
  expect(changePercent({ value: 5, hidden: true }, shown(50))).toBeNull();
});

describe('dayOn', () => {
  test('is the day of the clock, not of Greenwich', () => {
    const late = Date.parse('2026-10-31T21:30:00Z');
    expect(dayOn('Asia/Baku', late)).toBe('2026-11-01');
    expect(dayOn('UTC', late)).toBe('2026-10-31');
    expect(dayOn('America/New_York', Date.parse('2026-01-01T03:00:00Z'))).toBe('2025-12-31');
  });
});

test('an edition’s days go back to its first, as far as one request may', () => {
  const now = Date.parse('2026-11-28T21:30:00Z');
  expect(daysInForce({ from: '2026-10-01T00:00:00Z', clock: 'Asia/Baku' }, now)).toEqual({ from: '2026-10-01', to: '2026-11-29' });
  expect(daysInForce({ from: '2010-01-01T00:00:00Z', clock: 'UTC' }, now)).toEqual({ from: addDays('2026-11-28', -1_100), to: '2026-11-28' });
  expect(daysInForce({ from: '2026-11-28T21:00:00Z', clock: 'UTC' }, now)).toEqual({ from: '2026-11-28', to: '2026-11-28' });
  expect(daysInForce({ from: '2026-12-01T00:00:00Z', clock: 'UTC' }, now)).toBeNull();
});

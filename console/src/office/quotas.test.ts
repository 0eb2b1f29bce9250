import { expect, test } from 'vitest';
import type { NoticeOutlook, Quota, Quotas, StandingNotice } from '../api/server';
import { hidesFigures, isOverdue, leasesOf, shares, stageTone, standingOf } from './quotas';

const lease = (agent: string, left: number | null = 3) => ({ checkpoint: 'Bridge', side: 'A' as const, agent, amount: 5, used: 2, left });
const quota = (more: Partial<Quota> = {}): Quota => ({ name: 'patients', text: {}, checkpoints: [], directions: [], categories: [], per_day: 12, used: 4, leased: 3, left: 5, leases: [], ...more });
const page = (quotas: Quota[]) => ({ quotas }) as Quotas;

test('leases stand in the order of their quotas', () => {
  const both = page([quota({ name: 'a', leases: [lease('bridge-a'), lease('ford-a')] }), quota({ name: 'b', leases: [lease('bridge-b')] }), quota({ name: 'c' })]);
  expect(leasesOf(both).map(({ quota: of, lease: one }) => `${of.name}/${one.agent}`)).toEqual(['a/bridge-a', 'a/ford-a', 'b/bridge-b']);
});

test('a hidden figure anywhere is said to be hidden', () => {
  expect(hidesFigures(page([quota({ leases: [lease('bridge-a')] })]))).toBe(false);
  expect(hidesFigures(page([quota({ used: null })]))).toBe(true);
  expect(hidesFigures(page([quota({ leases: [lease('bridge-a', null)] })]))).toBe(true);
});

test('a quota is full when nobody can use any more of it', () => {
  expect(standingOf(quota())).toBe('open');
  expect(standingOf(quota({ used: 12, leased: 0, left: 0 }))).toBe('full');
  expect(standingOf(quota({ used: 9, leased: 3, left: 0 }))).toBe('open');
  expect(standingOf(quota({ used: 13, leased: 0, left: 0 }))).toBe('over');
  expect(standingOf(quota({ used: null, leased: null, left: null }))).toBe('open');
});

test('shares never exceed the whole and are not told of what is hidden', () => {
  expect(shares(quota({ used: 6, leased: 3 }))).toEqual({ used: 50, leased: 25 });
  expect(shares(quota({ used: 15, leased: 3 }))).toEqual({ used: 100, leased: 0 });
  expect(shares(quota({ used: null }))).toBeNull();
  expect(shares(quota({ per_day: 0, used: 0, leased: 0, left: 0 }))).toBeNull();
});

const now = '2026-10-01T08:00:00.000Z';
const ruling = (by: string) => ({ step: 'ruling' as const, by, parties: ['A' as const] });
const outlook = (more: Partial<NoticeOutlook>): NoticeOutlook => ({ stage: 'given', counts_from: null, due: [], ...more });
const notice = (...steps: StandingNotice['steps'][number]['step'][]): StandingNotice => ({
  subject: '0'.repeat(32), outlooks: [], steps: steps.map((step, i) => ({ step, at: now, party: 'A', officer: 'a.supervisor', reason: 'list', ledger_index: i })),
});

test('a ruling is overdue from the instant on at which it is needed, an objection never', () => {
  expect(isOverdue(ruling('2026-10-01T08:00:00.001Z'), now)).toBe(false);
  expect(isOverdue(ruling(now), now)).toBe(true);
  expect(isOverdue({ step: 'objection', by: '2026-09-01T00:00:00.000Z', parties: ['B'] }, now)).toBe(false);
});

test('the mark of a notice says what is to be done about it', () => {
  const waiting = [ruling('2026-10-02T08:00:00.000Z')];
  expect(stageTone(notice('given'), outlook({}), now)).toBe('note');
  expect(stageTone(notice('given'), outlook({ stage: 'lapsed' }), now)).toBe('good');
  expect(stageTone(notice('given', 'objected'), outlook({ stage: 'objected', due: waiting }), now)).toBe('wait');
  expect(stageTone(notice('given'), outlook({ stage: 'lapsed', due: waiting }), now)).toBe('wait');
  expect(stageTone(notice('given', 'objected'), outlook({ stage: 'objected', due: [ruling(now)] }), now)).toBe('stop');
  expect(stageTone(notice('given', 'objected', 'approved'), outlook({ stage: 'decided' }), now)).toBe('good');
  expect(stageTone(notice('given', 'approved', 'objected'), outlook({ stage: 'decided' }), now)).toBe('good');
  expect(stageTone(notice('given', 'rejected'), outlook({ stage: 'decided' }), now)).toBe('stop');
});

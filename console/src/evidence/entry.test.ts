import { describe, expect, test } from 'vitest';
import type { Declared, LedgerRecord } from '../api/server';
import { concat, type Bytes } from './bytes';
import { data, kSubject, number } from './chain.fixture';
import { declaredShown, type DeclaredOf } from './declared';
import { readEntry } from './entry';
import { shownOf } from './shown';

const subject = Uint8Array.from(kSubject.match(/../g)!, (pair) => parseInt(pair, 16));
const at = Date.parse('2026-10-01T08:00:00.000Z');

function entryWith(body: Bytes): Bytes {
  const event = concat(number(1, 1), data(2, 'office'), number(3, 7), number(4, at), data(8, 'a.supervisor'), body);
  return concat(data(1, event), data(2, 'office'), number(3, at), data(7, number(1, 1)), number(8, 41), number(11, at));
}

const common = {
  ledger_index: 50, journal_index: 7, agent: 'office', officer: 'a.supervisor', occurred_at: new Date(at).toISOString(), recorded_at: new Date(at).toISOString(),
  received_at: new Date(at).toISOString(), status_after: 'side_a',
} as const;
const permit = (withdrawn: boolean) => concat(data(1, 'humanitarian'), data(2, subject), number(3, withdrawn ? 1 : 0), number(4, at), number(5, at + 86_400_000), data(6, 'B'), data(7, 'C-7'));

describe('what a movement declares', () => {
  const base = concat(data(1, subject), number(2, 1), number(3, 1));
  const shownWith = (declared?: Declared) => new Map(declaredShown(declared));
  const readWith = (...fields: Bytes[]) => readEntry(entryWith(data(9, concat(base, ...fields))))!.said;
  const negative = Uint8Array.of(1); // sint64 -1

  test.each<[string, Bytes[], Declared | undefined]>([
    ['nothing', [], undefined],
    ['a way to cross', [number(19, 2)], { mode: 'vehicle' }],
    ['a convoy', [data(20, concat(number(1, 3), number(2, 40), number(3, 1)))], { convoy: { vehicles: 3, persons: 40, escorted: true } }],
    ['that nothing is carried', [number(21, 1)], { goods: [] }],
    ['goods, some in pieces', [number(21, 1), data(22, concat(data(1, 'cash'), data(2, 'EUR'), number(3, 9_000_000_000))), data(22, concat(data(1, 'phone'), number(3, 2)))],
      { goods: [{ kind: 'cash', unit: 'EUR', amount: 9_000_000_000 }, { kind: 'phone', unit: '', amount: 2 }] }],
    ['no weapons, and arms handed over', [number(23, 0), number(24, 1)], { weapons: false, arms_handed_over: true }],
    ['facts of the edition', [data(25, concat(data(1, 'debt_days'), concat(Uint8Array.of(2 << 3), negative))), data(25, concat(data(1, 'purpose'), data(3, 'harvest')))],
      { facts: [{ name: 'debt_days', number: -1 }, { name: 'purpose', word: 'harvest' }] }],
  ])('%s is read from the bytes as the page shows it', (_, fields, declared) => {
    const said = readWith(...fields);
    for (const [what, stated] of shownWith(declared)) expect(said.get(what), what).toBe(stated);
  });

  test.each<[DeclaredOf, Bytes[], Declared | undefined]>([
    ['goods', [number(21, 1), data(22, concat(data(1, 'cash'), data(2, 'EUR'), number(3, 9_000)))], undefined],
    ['goods', [number(21, 1), data(22, concat(data(1, 'cash'), data(2, 'EUR'), number(3, 9_000)))], { goods: [{ kind: 'cash', unit: 'EUR', amount: 900 }] }],
    ['goods', [], { goods: [] }],
    ['weapons', [], { weapons: false }],
    ['weapons', [number(23, 1)], { weapons: false }],
    ['mode', [number(19, 1)], { mode: 'vehicle' }],
    ['convoy', [data(20, number(1, 3))], { convoy: { vehicles: 3, persons: 0, escorted: true } }],
    ['facts', [data(25, concat(data(1, 'count'), number(2, 10)))], { facts: [{ name: 'count', word: '5' }] }],
  ])('%s that the page shows otherwise is told', (what, fields, declared) => {
    expect(readWith(...fields).get(what)).not.toBe(shownWith(declared).get(what));
  });
});

describe('what an act of the office says is what the timeline shows of it', () => {
  test.each<[string, Bytes, Partial<LedgerRecord>]>([
    ['a list', data(17, concat(data(1, 'hold'), data(2, subject), number(3, 0), data(4, 'A'), data(5, 'C-1'))), { kind: 'list_change', list_change: { list: 'hold', removed: false, party: 'A', reason: 'C-1' } }],
    ['a look-up', data(20, concat(data(1, subject), data(2, 'complaint'), data(3, 'C-2'), data(4, 'supervisor'), data(5, 'A'))), { kind: 'lookup', lookup: { purpose: 'complaint', case_number: 'C-2', role: 'supervisor', party: 'A' } }],
    ['a resolution', data(21, concat(data(1, subject), data(2, 'side_b'), data(3, 'A'), data(4, 'C-3'))), { kind: 'resolution', resolution: { status: 'side_b', party: 'A', reason: 'C-3' } }],
    ['a correction', data(10, concat(number(1, 40), data(2, subject), data(3, 'Wrong direction'))), { kind: 'correction', correction: { corrects_journal_index: 40, reason: 'Wrong direction' } }],
    ['a permit', data(23, permit(false)), { kind: 'permit_change', permit_change: { kind: 'humanitarian', withdrawn: false, valid_from: new Date(at).toISOString(), valid_until: new Date(at + 86_400_000).toISOString(), party: 'B', reason: 'C-7' } }],
    ['a permit taken back', data(23, permit(true)), { kind: 'permit_change', permit_change: { kind: 'humanitarian', withdrawn: true, party: 'B', reason: 'C-7' } }],
    ['a word for an override', data(24, concat(data(1, subject), data(2, '4(3)'), data(3, 'A.shift_lead'), data(4, 'C-8'))), { kind: 'override', override: { article: '4(3)', role: 'A.shift_lead', reason: 'C-8' } }],
    ['a step of a notice', data(26, concat(data(1, subject), number(2, 2), data(3, 'B'), data(4, 'C-9'))), { kind: 'notice', notice: { step: 'objected', party: 'B', reason: 'C-9' } }],
  ])('%s', (_, body, more) => {
    const entry = readEntry(entryWith(body))!;
    const shown = shownOf({ ...common, kind: 'lookup', ...more }, { subject: kSubject, previous: 41 });
    for (const [what, stated] of shown.said) expect(entry.said.get(what), what).toBe(stated);
  });

  test('bytes that are no entry, an event of another schema, and an event of another agent are none', () => {
    const body = data(17, concat(data(1, 'hold'), data(2, subject)));
    const whole = entryWith(body);
    for (let end = 1; end < whole.length; end++) expect(() => readEntry(whole.slice(0, end))).not.toThrow();
    expect(readEntry(Uint8Array.of(0xff))).toBeNull();
    expect(readEntry(concat(data(1, concat(number(1, 2), data(2, 'office'), body)), data(2, 'office')))).toBeNull();
    expect(readEntry(concat(data(1, concat(number(1, 1), data(2, 'bridge-a-1'), body)), data(2, 'office')))).toBeNull();
  });
});

import { expect, test } from 'vitest';
import type { FieldEvidence, Scan } from '../api/station';
import { evidenceWords } from './evidence';
import { spoken } from './verdict';

const field = (status: FieldEvidence['status'], more: Partial<FieldEvidence> = {}): FieldEvidence => ({
  field: 'birth_date', status, raw: '9OO517', value: '900517', digit_read: '7', digit_computed: '3', line: 2, first: 14, last: 19, ...more,
});

test('names the field, what was read and what it should be', () => {
  expect(evidenceWords(field('wrong_check_digit'))).toBe('Check digit of the date of birth: read 7, it should be 3');
  expect(evidenceWords(field('wrong_check_digit', { digit_computed: null }))).toBe('Check digit of the date of birth: read 7, the field itself cannot be read');
  expect(evidenceWords(field('repaired'))).toBe('Repaired: date of birth. Read 9OO517, taken for 900517');
});

test('tells onlookers nothing of the document while names are hidden', () => {
  expect(evidenceWords(field('repaired'), true)).toBe('Repaired: date of birth. Read • • •, taken for • • •');
});

test('whoever cannot see the panel hears which field is wrong', () => {
  const scan = { step: 'unreadable', decision: null, fields: [field('wrong_check_digit')] } as unknown as Scan;
  expect(spoken(scan)).toBe('Read again. Check digit of the date of birth: read 7, it should be 3');
});

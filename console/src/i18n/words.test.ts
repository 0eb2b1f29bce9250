import { expect, test } from 'vitest';
import { ageWords, documentKind, namesOf, purposeWords, readable, refusalWords, roleWords } from './words';

test('a name of the procedure without words is read without its underscores; what is no such name stays as it is', () => {
  expect(readable('day_trip')).toBe('day trip');
  expect(readable('fuel')).toBe('fuel');
  for (const other of ['XAA', 'officer-1', '2026-01-05', 'Broken_Open', '']) expect(readable(other)).toBe(other);
});

test('what this console does not know is read, never hidden', () => {
  expect(documentKind('passport')).toBe('Passport');
  expect(documentKind('pilgrim_card')).toBe('pilgrim card');
  expect(purposeWords('family_visit')).toBe('family visit');
  expect(refusalWords('wrong_weather')).toBe('wrong weather');
  expect(roleWords('A.shift_lead')).toBe('Shift lead · Side A');
  expect(roleWords('C.shift_lead')).toBe('C.shift_lead');
});

test('an age that the document does not tell is said, not left out', () => {
  expect(ageWords(1)).toBe('1 year');
  expect(ageWords(0)).toBe('0 years');
  expect(ageWords(null)).toBe('age not known');
});

test('names stand as on the document, with one of them missing too', () => {
  expect(namesOf({ primary_name: 'MORAVEC', secondary_name: 'LENA' })).toBe('MORAVEC, LENA');
  expect(namesOf({ primary_name: 'MORAVEC', secondary_name: '' })).toBe('MORAVEC');
});

import { expect, test } from 'vitest';
import { asksAnything, blankAnswers, declarationOf, type Asked } from './declaration';

const asked: Asked = {
  mode: true, convoy: true, weapons: true, arms_handed_over: false,
  goods: [{ name: 'cash', text: 'cash', unit: 'EUR' }, { name: 'tobacco', text: 'tobacco', unit: '' }],
  facts: [
    { name: 'manifest', text: 'manifest', type: 'bool', values: [] }, { name: 'purpose', text: 'purpose', type: 'enum', values: ['aid'] },
    { name: 'seats', text: 'seats', type: 'int', values: [] }, { name: 'since', text: 'since', type: 'date', values: [] },
  ],
};
const nothing: Asked = { mode: false, convoy: false, weapons: false, arms_handed_over: false, goods: [], facts: [] };

test('a blank form says nothing', () => {
  expect(declarationOf(blankAnswers(), asked)).toBeNull();
  expect(asksAnything(asked)).toBe(true);
  expect(asksAnything(nothing)).toBe(false);
});

test('what is filled in is said, the rest is not', () => {
  expect(declarationOf({ ...blankAnswers(), weapons: 'no' }, asked)).toEqual({ weapons: false });
  expect(declarationOf({ ...blankAnswers(), goods: { cash: '250', tobacco: '' } }, asked)).toEqual({ goods: [{ kind: 'cash', amount: 250 }] });
  expect(declarationOf({ ...blankAnswers(), goods: { cash: '0' } }, asked)).toEqual({ goods: [{ kind: 'cash', amount: 0 }] });
  expect(declarationOf({ ...blankAnswers(), noGoods: true }, asked)).toEqual({ goods: [] });
  expect(declarationOf({ ...blankAnswers(), vehicles: '3' }, asked)).toBeNull();
  expect(declarationOf({ ...blankAnswers(), vehicles: '3', persons: '12', escorted: true, mode: 'vehicle' }, asked)).toEqual({
    mode: 'vehicle',
    convoy: { vehicles: 3, persons: 12, escorted: true },
  });
});

test('every fact goes with its type', () => {
  const facts = { manifest: 'yes', purpose: 'aid', seats: '3', since: '2026-10-01' };
  expect(declarationOf({ ...blankAnswers(), facts }, asked)).toEqual({ facts: { manifest: true, purpose: 'aid', seats: 3, since: '2026-10-01' } });
});

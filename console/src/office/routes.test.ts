import { expect, test } from 'vitest';
import { pageOf, pagesFor } from './routes';

test('each role sees its own pages', () => {
  expect(pagesFor('supervisor')).toEqual(['line', 'find', 'between', 'cases', 'closures', 'quotas', 'statistics', 'procedure', 'ledger']);
  expect(pagesFor('negotiator')).toEqual(['line', 'closures', 'quotas', 'statistics', 'procedure', 'ledger']);
  expect(pagesFor('staff')).toEqual(['line', 'closures', 'procedure', 'ledger']);
});

test('a page that the role may not see leads to its own first page', () => {
  expect(pageOf('#/find', 'supervisor')).toBe('find');
  expect(pageOf('#/find', 'negotiator')).toBe('statistics');
  expect(pageOf('#/find', 'auditor')).toBe('line');
  expect(pageOf('#/statistics', 'staff')).toBe('line');
  expect(pageOf('#/quotas', 'staff')).toBe('line');
});

test('an unknown or missing page leads to the first page', () => {
  for (const hash of ['', '#', '#/nonsense', '#/find/0123', 'find']) expect(pageOf(hash, 'supervisor')).toBe('line');
});

import { describe, expect, test } from 'vitest';
import type { Difference, Editions, Verdict } from '../api/server';
import { byNewVerdict, choices, factsOf, outcomeOf, pairToCompare, partsOf, withBefore, wordsOf, type Change } from './differences';

type AdoptedEdition = Editions['editions'][number];

function editionsOf(...states: AdoptedEdition['state'][]): AdoptedEdition[] {
  return states.map((state, i) => ({
    number: i + 1, hash: String(i).repeat(64), in_force: state === 'in_force', from: '2026-10-01T00:00:00.000Z', until: '2026-11-01T00:00:00.000Z', name: 'river-line', state,
    adopted_at: '2026-09-01T00:00:00.000Z', ledger_index: i, signers: null,
  }));
}

function change(article: string, before: Verdict, after: Verdict, facts: [object, object] = [{ age: 15 }, { age: 15 }]): Change {
  const decisions = [before, after].map((verdict, i) => ({ where: {}, verdict, because: [article], facts: facts[i]! as Record<string, unknown> }));
  return { article, clause: 'require', before, after, text: {}, person: { en: 'age: 15' }, decisions };
}

function difference(more: Partial<Difference> = {}): Difference {
  const edition = (number: number) => ({ edition: number, hash: '', from: '', until: '', articles: number === 2 ? [{ id: '9(1)', text: { en: 'New words.' } }] : [] });
  return { procedure: 'river-line', before: edition(1), after: edition(2), nobody: false, added: [], removed: [], changed: [], declarations: [], changes: [], open: [], proofs: 3, ...more };
}

describe('what is compared', () => {
  test('first the edition to come with the one before it', () => {
    expect(pairToCompare(editionsOf('superseded', 'in_force', 'shadow', 'waiting'))).toEqual({ before: 2, after: 3 });
  });

  test('the two newest when none is to come', () => {
    expect(pairToCompare(editionsOf('superseded', 'superseded', 'in_force'))).toEqual({ before: 2, after: 3 });
  });

  test('nothing when there are not two, however often one is named', () => {
    expect(pairToCompare([])).toBeNull();
    expect(pairToCompare(editionsOf('in_force'))).toBeNull();
    expect(pairToCompare([...editionsOf('in_force'), ...editionsOf('in_force')])).toBeNull();
  });

  test('the second when the first of all is still to come', () => {
    expect(pairToCompare(editionsOf('shadow', 'waiting'))).toEqual({ before: 1, after: 2 });
  });

  test('only later editions stand after an earlier one', () => {
    const editions = editionsOf('superseded', 'superseded', 'in_force', 'shadow').reverse();
    expect(choices(editions, { before: 2, after: 3 })).toEqual({ before: [1, 2, 3], after: [3, 4] });
    expect(withBefore(editions, { before: 1, after: 2 }, 3)).toEqual({ before: 3, after: 4 });
    expect(withBefore(editions, { before: 3, after: 4 }, 1)).toEqual({ before: 1, after: 4 });
  });
});

describe('what came out', () => {
  const open: Difference['open'] = [{ standing: 'not_proven', article: '', text: {} }];

  test('somebody, as soon as one person is shown, whatever else is claimed', () => {
    expect(outcomeOf(difference({ changes: [change('4(3)', 'allow', 'refer')] }))).toBe('somebody');
    expect(outcomeOf(difference({ changes: [change('4(3)', 'allow', 'refer')], nobody: true, open }))).toBe('somebody');
  });

  test('nobody only where that is proven and nothing is open', () => {
    expect(outcomeOf(difference({ nobody: true }))).toBe('nobody');
    expect(outcomeOf(difference({ nobody: true, open }))).toBe('open');
    expect(outcomeOf(difference({ open }))).toBe('open');
    expect(outcomeOf(difference())).toBe('open');
  });

  test('refused before referred before allowed, in each the order of the articles', () => {
    const changes = [change('1(2)', 'refer', 'allow'), change('4(1)', 'allow', 'refuse'), change('4(3)', 'refer', 'allow'), change('5(1)', 'refer', 'refuse')];
    expect(byNewVerdict(changes).map(({ verdict, changes: of }) => [verdict, of.map((one) => one.article)])).toEqual([['refuse', ['4(1)', '5(1)']], ['allow', ['1(2)', '4(3)']]]);
    expect(byNewVerdict([])).toEqual([]);
  });

  test('the words of an article are those of that edition', () => {
    const { before, after } = difference();
    expect(wordsOf(after, '9(1)')).toEqual({ en: 'New words.' });
    expect(wordsOf(before, '9(1)')).toEqual({});
  });
});

describe('a person', () => {
  test('is told in parts', () => {
    expect(partsOf('category: residents of side A; time here: Sunday 23:00 to 06:00; age: 15')).toEqual([
      { label: 'category', value: 'residents of side A' }, { label: 'time here', value: 'Sunday 23:00 to 06:00' }, { label: 'age', value: '15' },
    ]);
  });

  test('keeps what has no label, and is nobody without words', () => {
    expect(partsOf('somebody; age: 15')).toEqual([{ label: '', value: 'somebody' }, { label: 'age', value: '15' }]);
    expect(partsOf('')).toEqual([]);
  });

  test('has one set of facts, or two where the editions were asked differently', () => {
    expect(factsOf(change('4(3)', 'allow', 'refer'))).toHaveLength(1);
    expect(factsOf(change('4(3)', 'allow', 'refer', [{ stay: 3 }, { stay: 4 }])).map((facts) => JSON.parse(facts))).toEqual([{ stay: 3 }, { stay: 4 }]);
  });
});

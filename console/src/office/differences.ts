// Whom one edition decides otherwise than another: which two to compare, and the persons who show it in the order they are read.
import type { Difference, Editions, Verdict } from '../api/server';

export type Change = Difference['changes'][number];
export type ComparedEdition = Difference['before'];

/** Two editions by their numbers; `before` is the lower one. */
export interface Pair {
  before: number;
  after: number;
}

/** In the order of what a reader has to know first. */
export const verdictsInOrder = ['refuse', 'refer', 'allow'] as const satisfies readonly Verdict[];

const ascending = (editions: Editions['editions']) => [...new Set(editions.map((edition) => edition.number))].sort((a, b) => a - b);

/** The next edition to come with the one before it, else the two newest; null when there are not two. */
export function pairToCompare(editions: Editions['editions']): Pair | null {
  const numbers = ascending(editions);
  const next = editions.find((edition) => edition.state === 'shadow')?.number;
  const at = Math.max(1, next === undefined ? numbers.length - 1 : numbers.indexOf(next));
  const [before, after] = [numbers[at - 1], numbers[at]];
  return before === undefined || after === undefined ? null : { before, after };
}

/** The numbers that may stand on either side of the comparison. */
export function choices(editions: Editions['editions'], pair: Pair): { before: number[]; after: number[] } {
  const numbers = ascending(editions);
  return { before: numbers.slice(0, -1), after: numbers.filter((number) => number > pair.before) };
}

/** The same pair with another edition before; the one after moves up where it has to. */
export function withBefore(editions: Editions['editions'], pair: Pair, before: number): Pair {
  return { before, after: pair.after > before ? pair.after : ascending(editions).find((number) => number > before)! };
}

/** What the comparison came to. `open`: nobody was found, and it is not proven that there is nobody. */
export type Outcome = 'nobody' | 'somebody' | 'open';

export function outcomeOf(difference: Difference): Outcome {
  if (difference.changes.length > 0) return 'somebody';
  return difference.nobody && difference.open.length === 0 ? 'nobody' : 'open';
}

/** The changes by the verdict that is new for somebody; verdicts that are new for nobody are left out. */
export function byNewVerdict(changes: readonly Change[]): { verdict: Verdict; changes: Change[] }[] {
  return verdictsInOrder
    .map((verdict) => ({ verdict, changes: changes.filter((change) => change.after === verdict) }))
    .filter((group) => group.changes.length > 0);
}

export interface PersonPart {
  /** Empty for words that are no "label: value". */
  label: string;
  value: string;
}

/** The parts of a person in words: "category: residents of side A; age: 15". */
export function partsOf(words: string): PersonPart[] {
  return words.split('; ').filter((part) => part !== '').map((part) => {
    const at = part.indexOf(': ');
    return at < 0 ? { label: '', value: part } : { label: part.slice(0, at), value: part.slice(at + 2) };
  });
}

/** The agreed words of an article as that edition has them; empty when it has no such article. */
export function wordsOf(edition: ComparedEdition, article: string): Record<string, string> {
  return edition.articles.find((one) => one.id === article)?.text ?? {};
}

/** The facts of a change as a command line takes them: one text when both editions were asked the same, else two. */
export function factsOf(change: Change): string[] {
  return [...new Set(change.decisions.map((decision) => JSON.stringify(decision.facts, null, 2)))];
}

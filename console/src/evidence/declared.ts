// What an officer declared about a movement, in words that are the same whether they were read from the API's record or from
// the entry's bytes.
import type { Declared } from '../api/server';
import type { Message } from './protobuf';

export const declaredOf = ['mode', 'convoy', 'goods', 'weapons', 'arms_handed_over', 'facts'] as const;
export type DeclaredOf = (typeof declaredOf)[number];

type Convoy = NonNullable<Declared['convoy']>;
interface Goods { kind: string; unit: string; amount: number | bigint }
interface Fact { name: string; number?: number | bigint; word?: string }

const kNotDeclared = 'none';
const kModes = ['', 'on_foot', 'vehicle'];

const convoyWords = (convoy: Convoy) => `${convoy.vehicles} / ${convoy.persons} / ${convoy.escorted}`;
const goodsWords = (goods: readonly Goods[]) => (goods.length === 0 ? '0' : goods.map(({ kind, unit, amount }) => `${kind} ${amount} ${unit}`.trimEnd()).join(', '));
const factWords = (facts: readonly Fact[]) => facts.map(({ name, number, word }) => `${name} = ${word === undefined ? (number ?? 0) : JSON.stringify(word)}`).join(', ') || kNotDeclared;
const flagWords = (flag: boolean | undefined) => (flag === undefined ? kNotDeclared : String(flag));

/** As the page shows it. */
export function declaredShown(declared: Declared | undefined): [DeclaredOf, string][] {
  const { mode, convoy, goods, weapons, arms_handed_over, facts } = declared ?? {};
  return [
    ['mode', mode ?? kNotDeclared], ['convoy', convoy ? convoyWords(convoy) : kNotDeclared], ['goods', goods ? goodsWords(goods) : kNotDeclared],
    ['weapons', flagWords(weapons)], ['arms_handed_over', flagWords(arms_handed_over)], ['facts', factWords(facts ?? [])],
  ];
}

/** As the bytes of a movement say it (docs/formats/event.md). */
export function declaredIn(movement: Message): [DeclaredOf, string][] {
  const mode = movement.unsigned(19);
  const convoy = movement.message(20);
  const goods = movement.messages(22).map((one): Goods => ({ kind: one.text(1), unit: one.text(2), amount: one.unsigned(3) }));
  const facts = movement.messages(25).map((one): Fact => (one.text(3) === '' ? { name: one.text(1), number: one.zigzag(2) } : { name: one.text(1), word: one.text(3) }));
  const flag = (field: number) => (movement.has(field) ? movement.boolean(field) : undefined);
  return [
    ['mode', mode === 0n ? kNotDeclared : (kModes[Number(mode)] ?? String(mode))],
    ['convoy', convoy ? convoyWords({ vehicles: Number(convoy.unsigned(1)), persons: Number(convoy.unsigned(2)), escorted: convoy.boolean(3) }) : kNotDeclared],
    ['goods', movement.boolean(21) || goods.length > 0 ? goodsWords(goods) : kNotDeclared],
    ['weapons', flagWords(flag(23))], ['arms_handed_over', flagWords(flag(24))], ['facts', factWords(facts)],
  ];
}

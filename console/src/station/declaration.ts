// What the officer fills in, as the agent takes it. What was left blank is not said: unknown, never "no".
import type { Declaration, Station } from '../api/station';

export type Asked = Station['asked'];

/** The form: everything as text, '' for what was not said. */
export interface Answers {
  mode: string;
  weapons: string;
  arms_handed_over: string;
  vehicles: string;
  persons: string;
  escorted: boolean;
  /** By kind. */
  goods: Record<string, string>;
  /** None of the kinds is carried. */
  noGoods: boolean;
  /** By name. */
  facts: Record<string, string>;
}

export function blankAnswers(): Answers {
  return { mode: '', weapons: '', arms_handed_over: '', vehicles: '', persons: '', escorted: false, goods: {}, noGoods: false, facts: {} };
}

/** Whether an article of the edition asks for anything. */
export function asksAnything(asked: Asked): boolean {
  return asked.mode || asked.convoy || asked.weapons || asked.arms_handed_over || asked.goods.length > 0 || asked.facts.length > 0;
}

/** Null when nothing was said. */
export function declarationOf(answers: Answers, asked: Asked): Declaration | null {
  const declared: Declaration = {};
  if (answers.mode === 'on_foot' || answers.mode === 'vehicle') declared.mode = answers.mode;
  if (answers.weapons) declared.weapons = answers.weapons === 'yes';
  if (answers.arms_handed_over) declared.arms_handed_over = answers.arms_handed_over === 'yes';
  if (answers.vehicles !== '' && answers.persons !== '') {
    declared.convoy = { vehicles: Number(answers.vehicles), persons: Number(answers.persons), escorted: answers.escorted };
  }
  const goods = asked.goods.filter((kind) => (answers.goods[kind.name] ?? '') !== '').map((kind) => ({ kind: kind.name, amount: Number(answers.goods[kind.name]) }));
  if (goods.length > 0 || answers.noGoods) declared.goods = goods;
  const facts: Record<string, boolean | number | string> = {};
  for (const fact of asked.facts) {
    const said = answers.facts[fact.name] ?? '';
    if (said !== '') facts[fact.name] = fact.type === 'bool' ? said === 'yes' : fact.type === 'int' ? Number(said) : said;
  }
  if (Object.keys(facts).length > 0) declared.facts = facts;
  return Object.keys(declared).length > 0 ? declared : null;
}

// Keys for lists that somebody else sends: each key once, whatever they send, so that a page never breaks on a repetition.

export interface Keyed<T> {
  key: string;
  item: T;
  /** How many of the items before it have the same name. */
  repetition: number;
}

/** The items in their order, under the name that `nameOf` gives them; a name that was there before gets another key. */
export function keyed<T>(items: readonly T[], nameOf: (item: T, index: number) => string | number): Keyed<T>[] {
  const seen = new Map<string, number>();
  return items.map((item, index) => {
    const name = String(nameOf(item, index));
    const repetition = seen.get(name) ?? 0;
    seen.set(name, repetition + 1);
    return { key: `${repetition}/${name}`, item, repetition };
  });
}

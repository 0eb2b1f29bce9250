// A person's records as the page lists them, and what is wrong with the list itself. What a server sends is shown, never
// believed: a record that came twice stands there twice, and is told.
import type { LedgerRecord, Timeline } from '../api/server';
import { keyed } from '../components/keyed';

export interface TimelineRow {
  key: string;
  record: LedgerRecord;
  /** Ledger index of the person's record before it, null when there is none; undefined where the page ends before it. */
  previous: number | null | undefined;
}

export function rowsOf(page: Timeline): TimelineRow[] {
  return keyed(page.records, (record) => record.ledger_index).map(({ key, item }, place) => {
    const before = page.records.slice(place + 1).find((record) => record.ledger_index !== item.ledger_index);
    return { key, record: item, previous: before ? before.ledger_index : page.next_cursor === null ? null : undefined };
  });
}

/** One entry of the ledger that came more than once; `differs`: not with the same content. */
export interface Repetition {
  ledgerIndex: number;
  times: number;
  differs: boolean;
}

export function repetitionsOf(page: Timeline): Repetition[] {
  const told = new Map<number, string[]>();
  for (const record of page.records) told.set(record.ledger_index, [...(told.get(record.ledger_index) ?? []), contentOf(record)]);
  return [...told].filter(([, contents]) => contents.length > 1).map(([ledgerIndex, contents]) => ({ ledgerIndex, times: contents.length, differs: new Set(contents).size > 1 }));
}

/** The same text for the same content, in whatever order its members came. */
function contentOf(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  );
}

// The figures of the statistics page, from the rows of the API: one data set for the chart and the table alike.
import type { Figures, GroupBy, Side, StatisticsRow } from '../api/server';

/** A number of which a part may be hidden: `value` is what is shown of it, so the whole is at least that. */
export interface Cell {
  value: number;
  hidden: boolean;
}

export const measures = ['entries', 'exits', 'refused', 'referred'] as const;
export type Measure = (typeof measures)[number];

export type FigureSet = Record<Measure, Cell> & {
  /** Entries less exits; hidden, with a value of no meaning, when a part of either is. */
  net: Cell;
};

export interface PeriodFigures extends FigureSet {
  /** First day. */
  period: string;
}

const kDayMs = 86_400_000;

export function cell(count: number | null): Cell {
  return { value: count ?? 0, hidden: count === null };
}

/** Figures as the API gives them, to be shown. */
export function cellsOf(figures: Figures): FigureSet {
  const { entries, exits, net, refused, referred } = figures;
  return { entries: cell(entries), exits: cell(exits), net: cell(net), refused: cell(refused), referred: cell(referred) };
}

function add(a: Cell, b: Cell): Cell {
  return { value: a.value + b.value, hidden: a.hidden || b.hidden };
}

/** The sum of the rows. */
export function sum(rows: readonly StatisticsRow[]): FigureSet {
  const total = (measure: Measure) => rows.reduce((all, row) => add(all, cell(row[measure])), cell(0));
  const entries = total('entries');
  const exits = total('exits');
  const net = { value: entries.value - exits.value, hidden: entries.hidden || exits.hidden };
  return { entries, exits, net, refused: total('refused'), referred: total('referred') };
}

/** First day of the period that holds `day`: the day itself, its Monday, the first of its month. */
export function periodOf(day: string, groupBy: GroupBy): string {
  if (groupBy === 'day') return day;
  if (groupBy === 'month') return `${day.slice(0, 7)}-01`;
  const date = new Date(`${day}T00:00:00Z`);
  const sinceMonday = (date.getUTCDay() + 6) % 7;
  return isoDay(date.getTime() - sinceMonday * kDayMs);
}

/** Every period that has a day in [from, to], in order. */
export function periodsBetween(from: string, to: string, groupBy: GroupBy): string[] {
  const periods: string[] = [];
  for (let ms = Date.parse(from); ms <= Date.parse(to); ms += kDayMs) {
    const period = periodOf(isoDay(ms), groupBy);
    if (periods.at(-1) !== period) periods.push(period);
  }
  return periods;
}

/** One entry for every period, those without any row with zeros, as seen from one side. */
export function series(rows: readonly StatisticsRow[], side: Side, periods: readonly string[]): PeriodFigures[] {
  const ofSide = rows.filter((row) => row.side === side);
  return periods.map((period) => ({ period, ...sum(ofSide.filter((row) => row.period === period)) }));
}

/** The sums of each checkpoint, in order of name, as seen from one side. */
export function byCheckpoint(rows: readonly StatisticsRow[], side: Side): (FigureSet & { checkpoint: string })[] {
  const ofSide = rows.filter((row) => row.side === side);
  const names = [...new Set(ofSide.map((row) => row.checkpoint))].sort();
  return names.map((checkpoint) => ({ checkpoint, ...sum(ofSide.filter((row) => row.checkpoint === checkpoint)) }));
}

export interface BothCounts {
  period: string;
  /** What the side that was left counted, and what the side that was reached counted. */
  exits: Cell;
  entries: Cell;
  difference: Cell;
}

/** The two sides' counts of the same crossings, beside each other: exits from `side` and entries to the other. */
export function bothCounts(rows: readonly StatisticsRow[], side: Side, periods: readonly string[]): BothCounts[] {
  const left = series(rows, side, periods);
  const reached = series(rows, side === 'A' ? 'B' : 'A', periods);
  return periods.map((period, i) => {
    const exits = left[i]!.exits;
    const entries = reached[i]!.entries;
    return { period, exits, entries, difference: { value: exits.value - entries.value, hidden: exits.hidden || entries.hidden } };
  });
}

/** The days just before [from, to], as many of them. */
export function rangeBefore(from: string, to: string): { from: string; to: string } {
  const days = Math.round((Date.parse(to) - Date.parse(from)) / kDayMs) + 1;
  return { from: addDays(from, -days), to: addDays(from, -1) };
}

/** Change in percent, rounded; null when it cannot be told. */
export function changePercent(now: Cell, before: Cell): number | null {
  if (now.hidden || before.hidden || before.value === 0) return null;
  return Math.round(((now.value - before.value) / before.value) * 100);
}

export function addDays(day: string, days: number): string {
  return isoDay(Date.parse(day) + days * kDayMs);
}

/** The day that it is at `ms` on the clock of that time zone. */
export function dayOn(clock: string, ms: number): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone: clock, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(ms);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

const kMostDays = 1_100;

/** The days of an edition up to now, as far as one request may go back; null before its first one. */
export function daysInForce({ from, clock }: { from: string; clock: string }, nowMs: number): { from: string; to: string } | null {
  const to = dayOn(clock, nowMs);
  const first = dayOn(clock, Date.parse(from));
  if (first > to) return null;
  const earliest = addDays(to, -kMostDays);
  return { from: first > earliest ? first : earliest, to };
}

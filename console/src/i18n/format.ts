// Instants, ages, days and counts as people read them.
import { i18n, t } from './i18n.svelte';

const kSecondMs = 1_000;
const kMinuteMs = 60 * kSecondMs;
const kHourMs = 60 * kMinuteMs;
const kDayMs = 24 * kHourMs;

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  // British rather than American English: day before month, 24 hours.
  const locale = i18n.language === 'en' ? 'en-GB' : i18n.language;
  return new Intl.DateTimeFormat(locale, options);
}

/** "24 Nov 2026, 14:02:05", in the machine's time zone. */
export function instant(iso: string): string {
  return formatter({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(iso));
}

/** "14:02" today, "24 Nov, 14:02" otherwise. */
export function shortInstant(iso: string, now: Date = new Date()): string {
  const at = new Date(iso);
  const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
  const today = at.toDateString() === now.toDateString();
  return formatter(today ? time : { day: 'numeric', month: 'short', ...time }).format(at);
}

/** "14:02". */
export function clockTime(iso: string): string {
  return formatter({ hour: '2-digit', minute: '2-digit' }).format(new Date(iso));
}

/** "24 Nov 2026", for a day of any calendar: no time zone is applied. */
export function day(isoDay: string): string {
  return formatter({ day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${isoDay}T00:00:00Z`));
}

/** "24 Nov", for axes. */
export function shortDay(isoDay: string): string {
  return formatter({ day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(`${isoDay}T00:00:00Z`));
}

/** "Nov 2026". */
export function month(isoDay: string): string {
  return formatter({ month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${isoDay}T00:00:00Z`));
}

/** A date of a document, of which parts may be unknown: "1990-05-17", "1990-05", "1990" or "". */
export function partialDate(iso: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(iso)) return day(iso);
  if (/^\d{4}-\d{2}$/.test(iso)) return month(`${iso}-01`);
  return iso === '' ? t('document.date_unknown') : iso;
}

/** "3 min", "2 h 5 min", "4 d 2 h": two units at most, rounded down. */
export function duration(ms: number): string {
  if (ms < kMinuteMs) return t('duration.seconds', { n: Math.max(0, Math.floor(ms / kSecondMs)) });
  if (ms < kHourMs) return t('duration.minutes', { n: Math.floor(ms / kMinuteMs) });
  if (ms < kDayMs) {
    return t('duration.hours', { h: Math.floor(ms / kHourMs), m: Math.floor((ms % kHourMs) / kMinuteMs) });
  }
  return t('duration.days', { d: Math.floor(ms / kDayMs), h: Math.floor((ms % kDayMs) / kHourMs) });
}

/** "Side A", "Side A or Side B", "Side A, Side B or Guarantor". */
export function either(names: readonly string[]): string {
  return new Intl.ListFormat(i18n.language === 'en' ? 'en-GB' : i18n.language, { type: 'disjunction' }).format(names);
}

export function count(n: number): string {
  return new Intl.NumberFormat(i18n.language === 'en' ? 'en-GB' : i18n.language).format(n);
}

/** With its sign, zero without one: "+12", "−3", "0". */
export function signed(n: number): string {
  if (n === 0) return '0';
  return `${n > 0 ? '+' : '−'}${count(Math.abs(n))}`;
}

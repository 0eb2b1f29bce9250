// Quotas and notices as their page shows them, from the answers of the API.
import type { NoticeOutlook, Quota, QuotaLease, Quotas, StandingNotice } from '../api/server';
import type { Tone } from '../components/tone';

/** Every lease of today with its quota, in the order of the quotas. */
export function leasesOf(quotas: Quotas): { quota: Quota; lease: QuotaLease }[] {
  return quotas.quotas.flatMap((quota) => quota.leases.map((lease) => ({ quota, lease })));
}

export function hidesFigures(quotas: Quotas): boolean {
  return quotas.quotas.some((quota) => [quota, ...quota.leases].some((one) => one.used === null || one.left === null));
}

/** More went through than there was room for, nothing is left, or neither; nothing is said of figures that are hidden. */
export function standingOf(quota: Quota): 'over' | 'full' | 'open' {
  if (quota.used !== null && quota.used > quota.per_day) return 'over';
  return quota.left === 0 && quota.leased === 0 ? 'full' : 'open';
}

/** Per cent of the quota; null while a figure is hidden or there is no room at all. */
export function shares(quota: Quota): { used: number; leased: number } | null {
  if (quota.used === null || quota.leased === null || quota.per_day === 0) return null;
  const used = Math.min(100, (100 * quota.used) / quota.per_day);
  return { used, leased: Math.min(100 - used, (100 * quota.leased) / quota.per_day) };
}

export type Due = NoticeOutlook['due'][number];

/** A ruling that should have been given by `now`, an instant of the API. */
export function isOverdue(due: Due, now: string): boolean {
  return due.step === 'ruling' && due.by !== null && Date.parse(due.by) <= Date.parse(now);
}

/** The last ruling on a notice that was ruled on. */
export function rulingOf(notice: StandingNotice): 'approved' | 'rejected' {
  return notice.steps.findLast((one) => one.step === 'approved' || one.step === 'rejected')?.step === 'approved' ? 'approved' : 'rejected';
}

/** How the stage of a notice is marked. */
export function stageTone(notice: StandingNotice, outlook: NoticeOutlook, now: string): Tone {
  if (outlook.due.some((due) => isOverdue(due, now))) return 'stop';
  if (outlook.stage === 'decided') return rulingOf(notice) === 'approved' ? 'good' : 'stop';
  if (outlook.due.some((due) => due.step === 'ruling')) return 'wait';
  return outlook.stage === 'lapsed' ? 'good' : 'note';
}

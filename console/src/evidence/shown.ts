// What the page shows of a record, in the words of entry.ts: verifying compares the two.
import type { LedgerRecord } from '../api/server';
import { declaredShown } from './declared';
import type { Said, SaidOf } from './entry';

export interface Shown {
  ledgerIndex: bigint;
  said: Said;
}

export interface ShownContext {
  subject: string;
  /** Ledger index of the person's record before this one, null when there is none; undefined when the page ends before it. */
  previous: number | null | undefined;
}

export function shownOf(record: LedgerRecord, { subject, previous }: ShownContext): Shown {
  const said = new Map<SaidOf, string>([
    ['kind', record.kind], ['agent', record.agent], ['journal_index', String(record.journal_index)], ['officer', record.officer],
    ['occurred_at', record.occurred_at], ['recorded_at', record.recorded_at], ['received_at', record.received_at],
    ['subject', subject], ['status_after', record.status_after],
  ]);
  if (previous !== undefined) said.set('previous', previous === null ? 'none' : String(previous));
  for (const [name, value] of bodyOf(record)) said.set(name, value);
  return { ledgerIndex: BigInt(record.ledger_index), said };
}

function bodyOf(record: LedgerRecord): [SaidOf, string][] {
  const { movement, correction, list_change: change, lookup, resolution, permit_change: permit, override, notice } = record;
  if (movement) {
    const articles = (judgement: typeof movement.post_judgement) => judgement.articles.map((article) => article.id).join(', ');
    return [
      ['direction', movement.direction], ['outcome', movement.outcome], ['category', movement.category],
      ['age_years', movement.age_years === null ? 'none' : String(movement.age_years)], ['sex', movement.sex],
      ['document_kind', movement.document_kind], ['document_issuer', movement.document_issuer], ['edition', String(movement.edition)],
      ['companions', String(movement.companions)], ['post_verdict', movement.post_judgement.verdict], ['post_articles', articles(movement.post_judgement)],
      ['local_verdict', movement.local_verdict ?? 'none'], ['server_verdict', movement.server_judgement.verdict],
      ['server_articles', articles(movement.server_judgement)], ['decided_offline', String(movement.decided_offline)],
      ['document_repaired', String(movement.document_repaired)], ['conflict', String(movement.conflict)],
      ['checkpoint', movement.checkpoint], ['side', movement.side], ...declaredShown(movement.declared),
    ];
  }
  if (correction) return [['corrects', String(correction.corrects_journal_index)], ['reason', correction.reason]];
  if (change) return [['list', change.list], ['removed', String(change.removed)], ['party', change.party], ['reason', change.reason]];
  if (lookup) return [['purpose', lookup.purpose], ['case_number', lookup.case_number], ['role', lookup.role], ['party', lookup.party]];
  if (permit) {
    const validity: [SaidOf, string][] = permit.valid_from === undefined || permit.valid_until === undefined ? [] : [['valid_from', permit.valid_from], ['valid_until', permit.valid_until]];
    return [['permit', permit.kind], ['withdrawn', String(permit.withdrawn)], ...validity, ['party', permit.party], ['reason', permit.reason]];
  }
  if (override) return [['article', override.article], ['role', override.role], ['reason', override.reason]];
  if (notice) return [['step', notice.step], ['party', notice.party], ['reason', notice.reason]];
  if (resolution) return [['status', resolution.status], ['party', resolution.party], ['reason', resolution.reason]];
  return [];
}

// What is wrong with a reading, in words for the officer.
import { t } from '../i18n/i18n.svelte';
import type { FieldEvidence } from '../api/station';

/** One sentence: which field, what was read, what its check digit says. */
export function evidenceWords(evidence: FieldEvidence): string {
  const field = t(`field.${evidence.field}`);
  switch (evidence.status) {
    case 'wrong_check_digit':
      return evidence.digit_computed === null
        ? t('evidence.check_digit_only_read', { field, read: evidence.digit_read ?? '' })
        : t('evidence.wrong_check_digit', { field, read: evidence.digit_read ?? '', computed: evidence.digit_computed });
    case 'repaired':
      return t('evidence.repaired', { field, raw: evidence.raw, value: evidence.value });
    default:
      return t(`evidence.${evidence.status}`, { field });
  }
}

/** The line that a field stands on, cut into what is before it, the field, and what is after; for showing the place. */
export function markedSpans(length: number, first: number, last: number): { before: number; marked: number; after: number } {
  const from = Math.min(Math.max(first, 1), length + 1);
  const to = Math.min(Math.max(last, from - 1), length);
  return { before: from - 1, marked: to - from + 1, after: length - to };
}

// What is wrong with a reading, in words for the officer.
import { t } from '../i18n/i18n.svelte';
import type { FieldEvidence } from '../api/station';

const kHidden = '• • •';

/** One sentence: which field, what was read, what its check digit says; without what onlookers must not see when `hidden`. */
export function evidenceWords(evidence: FieldEvidence, hidden = false): string {
  const field = t(`field.${evidence.field}`);
  switch (evidence.status) {
    case 'wrong_check_digit':
      return evidence.digit_computed === null
        ? t('evidence.check_digit_only_read', { field, read: evidence.digit_read ?? '' })
        : t('evidence.wrong_check_digit', { field, read: evidence.digit_read ?? '', computed: evidence.digit_computed });
    case 'repaired':
      return t('evidence.repaired', { field, raw: hidden ? kHidden : evidence.raw, value: hidden ? kHidden : evidence.value });
    default:
      return t(`evidence.${evidence.status}`, { field });
  }
}

// A problem as people in the office read it.
import type { ApiProblem } from '../api/request';
import { t } from '../i18n/i18n.svelte';

const known = ['wrong_credentials', 'too_many_attempts', 'unreachable', 'unauthenticated', 'forbidden', 'csrf', 'conflict', 'not_found', 'busy',
  'unavailable', 'unreadable_document', 'unknown_reference', 'wrong_reference', 'lookup_required', 'storage_full', 'storage_failed'] as const;
type Known = (typeof known)[number];

export function problemWords(problem: ApiProblem): string {
  return known.includes(problem.code as Known) ? t(`problem.${problem.code as Known}`) : t('problem.other', { detail: problem.detail });
}

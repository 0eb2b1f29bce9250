// A problem as the officer reads it: our words for the codes we know, otherwise what the agent said.
import type { ApiProblem } from '../api/request';
import { t } from '../i18n/i18n.svelte';

const known = ['wrong_pin', 'too_many_attempts', 'no_shift', 'conflict', 'busy', 'storage_full', 'storage_failed', 'forked', 'unreachable', 'not_found'] as const;
type Known = (typeof known)[number];

export function problemWords(problem: ApiProblem): string {
  return known.includes(problem.code as Known) ? t(`problem.station.${problem.code as Known}`) : t('problem.other', { detail: problem.detail });
}

// What a judgement says of articles that somebody's word kept from counting.
import type { Judgement } from '../api/server';
import { instant } from '../i18n/format';
import { t } from '../i18n/i18n.svelte';
import { roleWords } from '../i18n/words';

type Overridden = NonNullable<Judgement['overridden']>[number];

/** Whose words, given when, for which reason: one line each, in order. */
export function wordLines(overridden: Overridden): string[] {
  return overridden.words.map((word) => t('record.word', { who: roleWords(word.role), at: instant(word.given_at), reason: word.reason, index: word.ledger_index }));
}

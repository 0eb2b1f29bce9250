// How the panel looks and speaks for what it shows. Colour, shape and words all say what to do.
import type { Direction, Reason, Scan, Verdict } from '../api/station';
import { clockTime } from '../i18n/format';
import { t } from '../i18n/i18n.svelte';
import { roleWords } from '../i18n/words';
import { evidenceWords } from './evidence';

export type Tone = 'go' | 'ask' | 'halt' | 'again';

export function toneOf(verdict: Verdict | null): Tone {
  if (verdict === 'allow') return 'go';
  if (verdict === 'refer') return 'ask';
  if (verdict === 'refuse') return 'halt';
  return 'again';
}

/** The one or two words that fill the panel. */
export function instruction(verdict: Verdict, direction: Direction): string {
  if (verdict === 'refer') return t('verdict.refer');
  if (verdict === 'refuse') return t('verdict.refuse');
  return t(`verdict.allow.${direction}`);
}

/** Why an article that failed does not count: another lifts it, somebody's word sets it aside, or it has ended. Empty when it counts. */
export function reliefWords(reason: Pick<Reason, 'relief' | 'words'>): string {
  if (reason.relief === 'none') return '';
  if (reason.relief !== 'overridden' || reason.words.length === 0) return t(`verdict.relief.${reason.relief}`);
  const said = reason.words.map((word) => t('verdict.word', { who: roleWords(word.role), time: clockTime(word.given_at) }));
  return t('verdict.relief.words', { words: said.join('; ') });
}

/** Everything that a listener needs to know, in one go. */
export function spoken(scan: Scan): string {
  if (scan.decision) {
    const { reasons, duties } = scan.decision;
    const articles = reasons.map((reason) => [t('verdict.article', { id: reason.article }), reliefWords(reason)].filter((part) => part !== '').join(': ')).join(', ');
    const asked = duties.length === 0 ? '' : ` ${t('verdict.duties')} ${duties.join(' ')}`;
    return `${instruction(scan.decision.verdict, scan.direction)}. ${scan.decision.headline} ${articles}${asked}`;
  }
  if (scan.step === 'done' || scan.step === 'collected' || scan.step === 'decided') return '';
  return [t(`step.${scan.step}`), ...scan.fields.map((field) => evidenceWords(field, true))].join('. ');
}

// How the panel looks and speaks for what it shows. Colour, shape and words all say what to do.
import type { Direction, Scan, Verdict } from '../api/station';
import { t } from '../i18n/i18n.svelte';

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

/** Everything that a listener needs to know, in one go. */
export function spoken(scan: Scan): string {
  if (scan.decision) {
    const articles = scan.decision.reasons.map((reason) => t('verdict.article', { id: reason.article })).join(', ');
    return `${instruction(scan.decision.verdict, scan.direction)}. ${scan.decision.headline} ${articles}`;
  }
  return scan.step === 'done' || scan.step === 'collected' || scan.step === 'decided' ? '' : t(`step.${scan.step}`);
}

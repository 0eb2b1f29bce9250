import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '..');
const templates = readdirSync(folder, { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.svelte'))
  .map((entry) => ({ name: entry.name, text: readFileSync(join(entry.parentPath, entry.name), 'utf8') }));
const tokens = readFileSync(join(folder, 'design/tokens.css'), 'utf8');

/** WCAG 2.2's contrast of two colours such as #14222a. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const [lighter, darker] = [luminance(a), luminance(b)].sort((one, other) => other - one);
  return (lighter! + 0.05) / (darker! + 0.05);
}

/** The token in light and in dark. */
function colours(token: string): [string, string] {
  const found = new RegExp(`--${token}: (?:light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)|(#[0-9a-f]{6}));`).exec(tokens);
  expect(found, `--${token} is written as the test reads it`).not.toBeNull();
  return [found![1] ?? found![3]!, found![2] ?? found![3]!];
}

describe('states', () => {
  // Bare tags are kinds (what a clause does), or have their symbol beside them.
  test('are told by a symbol, too: whatever is marked with a colour is a Tag', () => {
    const bare = templates.flatMap(({ name, text }) => [...text.matchAll(/<span class="tag[^>]*>[^\n]{0,60}/g)].map((match) => ({ name, match: match[0] })));
    const allowed = ['Tag.svelte', 'StatusTag.svelte', 'SettledTag.svelte', 'VerdictTag.svelte', 'EvidenceSteps.svelte'];
    expect(bare.filter(({ name, match }) => !allowed.includes(name) && !match.includes('t(`clause.'))).toEqual([]);
  });
});

describe('colours', () => {
  const texts = [['ink', 'paper'], ['ink', 'surface'], ['ink', 'sunken'], ['ink-soft', 'paper'], ['ink-soft', 'surface'], ['ink-soft', 'sunken'], ['link', 'surface'], ['link', 'paper'], ['link', 'brand-wash'], ['brand-ink', 'brand'],
    ...['good', 'wait', 'stop', 'note'].flatMap((tone) => [[tone, `${tone}-wash`], ['ink', `${tone}-wash`]]), ['stop', 'surface'], ['stop', 'paper'], ['link', 'stop-wash']];
  test.each(texts)('%s can be read on %s, in light and in dark (WCAG 1.4.3)', (text, ground) => {
    for (const scheme of [0, 1] as const) expect(contrast(colours(text!)[scheme], colours(ground!)[scheme])).toBeGreaterThanOrEqual(4.5);
  });

  const shapes = [['rule-strong', 'surface'], ['focus', 'surface'], ['focus', 'paper'], ['series-entry', 'surface'], ['series-exit', 'surface'], ['series-exit', 'sunken'], ['series-entry', 'sunken']];
  test.each(shapes)('%s can be told from %s (WCAG 1.4.11)', (shape, ground) => {
    for (const scheme of [0, 1] as const) expect(contrast(colours(shape!)[scheme], colours(ground!)[scheme])).toBeGreaterThanOrEqual(3);
  });
});

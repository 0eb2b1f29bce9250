import { describe, expect, test } from 'vitest';
import { reliefWords } from './verdict';

describe('reliefWords', () => {
  test('says nothing of an article that counts', () => {
    expect(reliefWords({ relief: 'none', words: [] })).toBe('');
  });

  test('names every role whose word set the article aside, in order', () => {
    const said = reliefWords({
      relief: 'overridden',
      words: [{ role: 'A.shift_lead', given_at: '2026-11-30T10:00:00Z' }, { role: 'B.supervisor', given_at: '2026-11-30T10:01:00Z' }],
    });
    expect(said).toMatch(/^Does not count: set aside by the word of Shift lead .*; Supervisor /);
  });

  test('does not invent a word that is not known here', () => {
    expect(reliefWords({ relief: 'overridden', words: [] })).toBe('Does not count: set aside by agreed words');
    expect(reliefWords({ relief: 'exempted', words: [] })).toBe('Does not count: another article lifts it');
  });
});

import { describe, expect, test } from 'vitest';
import { ApiProblem } from '../api/request';
import { patiently } from './patience';

const kPatience = { code: 'busy', maxTries: 3, everyMs: 0 };

/** Fails with these codes, one after the other, then answers. */
function answering(...codes: string[]) {
  let asked = 0;
  const ask = async () => {
    const code = codes[asked++];
    if (code !== undefined) throw new ApiProblem(code, 503, 'later');
    return 'answer';
  };
  return { ask, asked: () => asked };
}

describe('patiently', () => {
  test('asks again while the answer is "later"', async () => {
    const server = answering('busy', 'busy');
    expect(await patiently(server.ask, kPatience)).toBe('answer');
    expect(server.asked()).toBe(3);
  });

  test('gives up after so many tries', async () => {
    const server = answering('busy', 'busy', 'busy', 'busy');
    await expect(patiently(server.ask, kPatience)).rejects.toMatchObject({ code: 'busy' });
    expect(server.asked()).toBe(3);
  });

  test('asks no more once nobody waits for it', async () => {
    const server = answering('busy', 'busy');
    let wanted = true;
    const asked = patiently(server.ask, kPatience, () => wanted);
    wanted = false;
    await expect(asked).rejects.toMatchObject({ code: 'busy' });
    expect(server.asked()).toBe(1);
  });

  test('lets any other problem through at once', async () => {
    const server = answering('not_found');
    await expect(patiently(server.ask, kPatience)).rejects.toMatchObject({ code: 'not_found' });
    expect(server.asked()).toBe(1);
  });
});

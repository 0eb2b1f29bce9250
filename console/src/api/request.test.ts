import { afterEach, describe, expect, test, vi } from 'vitest';
import { ApiProblem, request } from './request';

function answer(status: number, body?: string): void {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(body ?? null, { status })));
}

async function problemOf(asked: Promise<unknown>): Promise<ApiProblem> {
  const thrown = await asked.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(ApiProblem);
  return thrown as ApiProblem;
}

afterEach(() => vi.unstubAllGlobals());

describe('request', () => {
  test('gives the parsed answer, and null when there is none', async () => {
    answer(200, '{"size": 3}');
    expect(await request('GET', '/x')).toEqual({ size: 3 });
    answer(204);
    expect(await request('DELETE', '/x')).toBeNull();
  });

  test('sends a body as JSON and nothing otherwise', async () => {
    const sent = vi.fn(() => Promise.resolve(new Response('{}')));
    vi.stubGlobal('fetch', sent);
    await request('POST', '/x', { body: { a: 1 }, headers: { 'X-CSRF-Token': 't' } });
    await request('GET', '/x');
    const [first, second] = sent.mock.calls as unknown as [string, RequestInit][];
    expect(first![0]).toBe('/api/v1/x');
    expect(first![1]).toMatchObject({ method: 'POST', body: '{"a":1}', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': 't' } });
    expect(second![1].body).toBeUndefined();
  });

  test('an answer that breaks off is none', async () => {
    const broken = new ReadableStream({ pull: (controller) => controller.error(new TypeError('network error')) });
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(broken, { status: 200 })));
    expect(await problemOf(request('GET', '/x'))).toMatchObject({ code: 'unreachable', status: 0 });
  });

  test('throws the problem that the answer tells', async () => {
    answer(429, '{"status": 429, "title": "t", "code": "too_many_attempts", "detail": "wait", "retry_after_ms": 5000}');
    expect(await problemOf(request('POST', '/session'))).toMatchObject({ code: 'too_many_attempts', status: 429, detail: 'wait', retryAfterMs: 5000 });
  });

  test.each(['', 'not json', '[]', '"text"', '{"code": 7}'])('takes the error answer %j for a problem all the same', async (body) => {
    answer(500, body);
    expect(await problemOf(request('GET', '/x'))).toMatchObject({ code: 'unexpected_answer', status: 500 });
  });

  test('a success without readable content is a problem too', async () => {
    answer(200, '<html>');
    expect((await problemOf(request('GET', '/x'))).code).toBe('unexpected_answer');
  });

  test('no answer at all is told apart', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
    expect(await problemOf(request('GET', '/x'))).toMatchObject({ code: 'unreachable', status: 0 });
  });
});

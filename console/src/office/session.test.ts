import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Session } from '../api/server';
import { SessionStore } from './session.svelte';

const kMinuteMs = 60_000;
const session: Session = {
  user: 'u', role: 'supervisor', party: 'A', language: 'en', csrf_token: 'token', line: 'line', now: '2026-01-01T08:00:00.000Z',
  expires_at: '2026-01-01T16:00:00.000Z', idle_timeout_ms: 15 * kMinuteMs,
};
let status = 200;
let sent: { url: string; headers: Record<string, string> }[] = [];
let store: SessionStore;
let stop: () => void;

beforeEach(async () => {
  vi.useFakeTimers();
  status = 200;
  sent = [];
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('removeEventListener', () => {});
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    sent.push({ url, headers: init.headers as Record<string, string> });
    if (status === 0) return Promise.reject(new TypeError('no connection'));
    return Promise.resolve(status === 200 ? Response.json(session) : Response.json({ code: status === 401 ? 'unauthenticated' : 'busy', detail: '' }, { status }));
  });
  store = new SessionStore();
  stop = store.start();
  await vi.advanceTimersByTimeAsync(0);
});

afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('knows who is signed in', () => {
  expect(store.current?.user).toBe('u');
  expect(store.may('supervisor')).toBe(true);
  expect(store.may('negotiator')).toBe(false);
});

test('warns a minute before an idle session ends, then takes everything off the screen', async () => {
  await vi.advanceTimersByTimeAsync(14 * kMinuteMs + 2_000);
  expect(store.endingSoon).toBe(true);
  expect(store.current).not.toBeNull();
  await vi.advanceTimersByTimeAsync(kMinuteMs);
  expect(store.current).toBeNull();
  expect(store.expired).toBe(true);
});

test('a request lengthens the session, up to its end', async () => {
  for (let minutes = 0; minutes < 8 * 60 - 1; minutes += 10) {
    await vi.advanceTimersByTimeAsync(10 * kMinuteMs);
    await store.api.overview().catch(() => {});
  }
  expect(store.expired).toBe(true);
});

test('what the server never saw lengthens nothing, and the warning stays', async () => {
  await vi.advanceTimersByTimeAsync(14 * kMinuteMs + 2_000);
  status = 0;
  await store.stay();
  expect(store.endingSoon).toBe(true);
  status = 200;
  await store.stay();
  expect(store.endingSoon).toBe(false);
  status = 0;
  for (let minutes = 0; minutes < 16; ++minutes) {
    await vi.advanceTimersByTimeAsync(kMinuteMs);
    await store.api.overview().catch(() => {});
  }
  expect(store.expired).toBe(true);
});

test('an answer that says so ends it at once', async () => {
  status = 401;
  await expect(store.api.overview()).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(store.current).toBeNull();
  expect(store.expired).toBe(true);
});

test('any other failure does not', async () => {
  status = 503;
  await expect(store.api.overview()).rejects.toMatchObject({ code: 'busy' });
  expect(store.current).not.toBeNull();
});

test('acts carry the token, and no address names a person', async () => {
  await store.api.timeline({ subject: 'ab'.repeat(16), lookup_index: 1 });
  expect(sent.at(-1)).toMatchObject({ url: '/api/v1/timelines', headers: { 'X-CSRF-Token': 'token' } });
});

test('signing out forgets the session even when the server does not answer', async () => {
  status = 503;
  await store.signOut();
  expect(store.current).toBeNull();
  expect(store.signedOutHereOnly).toBe(true);
  expect(store.expired).toBe(false);
});

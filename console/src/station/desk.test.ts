import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Group, Scan, Station } from '../api/station';
import { Desk, soundOf } from './desk.svelte';

function scanOf(step: Scan['step'], verdict: 'allow' | 'refer' | 'refuse' | null = null, scan_id = '00000000000000a1'): Scan {
  const decision = verdict && { verdict, headline: '', reasons: [], duties: [], decided: 'online' as const, local_verdict: null, edition: 1, returning: false };
  return {
    scan_id, step, direction: 'exit', document: null, fields: [], repaired: false, category: null, fitting_categories: [], decision, recorded: null,
    previous: null, group_id: null, with: null, elapsed_ms: 1,
  };
}

/** An agent that answers what it is told to, and remembers what it was asked. */
class FakeAgent {
  asked: { route: string; body: unknown }[] = [];
  station: Station = {
    line: 'line', checkpoint: 'c', side: 'A', agent: 'a', directions: ['exit', 'entry'],
    shift: { officer: 'o', direction: 'exit', language: 'en', started_at: '2026-01-01T00:00:00.000Z' }, officers: [],
    connection: { state: 'online', since: '2026-01-01T00:00:00.000Z', reason: 'none' }, recording: { ok: true, code: null }, edition: null,
    queue: { count: 0, oldest_age_ms: null }, journal_size: 0, ledger_head: null, categories: [], asked: { mode: false, convoy: false, weapons: false, arms_handed_over: false, goods: [], facts: [] }, languages: ['en'], scan: null, group: null,
    undo_window_ms: 0, reader: { prefix: '', suffix: '', terminator: 'enter' }, now: '2026-01-01T00:00:00.000Z',
  };
  answers: Record<string, () => unknown> = {};
  reachable = true;
  private held: (() => void)[] | null = null;

  constructor() {
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => this.answer(url, init));
  }

  /** Answers from now on wait for `release`. */
  hold(): void {
    this.held = [];
  }

  release(): void {
    const waiting = this.held ?? [];
    this.held = null;
    for (const go of waiting) go();
  }

  routes = () => this.asked.map((request) => request.route).filter((route) => route !== 'GET /station');

  private async answer(url: string, init: RequestInit): Promise<Response> {
    const route = `${init.method} ${url.replace('/api/v1', '')}`;
    this.asked.push({ route, body: init.body === undefined ? undefined : JSON.parse(init.body as string) });
    const body = route === 'GET /station' ? { ...this.station } : this.answers[route]?.();
    const held = this.held;
    if (held) await new Promise<void>((resolve) => held.push(resolve));
    if (!this.reachable) throw new TypeError('no connection');
    return body === undefined ? Response.json({ code: 'conflict', detail: 'no' }, { status: 409 }) : Response.json(body);
  }
}

let agent: FakeAgent;
let desk: Desk;

beforeEach(async () => {
  vi.useFakeTimers();
  agent = new FakeAgent();
  desk = new Desk();
  desk.start();
  await vi.advanceTimersByTimeAsync(0);
});

afterEach(() => {
  desk.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('Desk', () => {
  test('shows the verdict of a scan and lets the allowed person pass', async () => {
    agent.answers['POST /scans'] = () => scanOf('decided', 'allow');
    agent.answers['POST /scans/00000000000000a1/confirm'] = () => scanOf('done', 'allow');
    await desk.submit('zone', false);
    expect(desk.scan?.decision?.verdict).toBe('allow');
    await desk.confirm();
    expect(desk.scan).toBeNull();
    expect(desk.last).toEqual({ scan: scanOf('done', 'allow') });
    expect(agent.asked.find((request) => request.route.endsWith('/confirm'))?.body).toEqual({ action: 'pass' });
  });

  test.each([
    ['confirm', 'allow', 'pass'],
    ['back', 'allow', 'turn_back'],
    ['confirm', 'refuse', 'acknowledge'],
    ['back', 'refuse', 'acknowledge'],
    ['confirm', 'refer', 'acknowledge'],
  ] as const)('%s after %s means %s', async (act, verdict, action) => {
    agent.answers['POST /scans'] = () => scanOf('decided', verdict);
    agent.answers['POST /scans/00000000000000a1/confirm'] = () => scanOf('done', verdict);
    await desk.submit('zone', false);
    await desk[act]();
    expect(agent.asked.find((request) => request.route.endsWith('/confirm'))?.body).toEqual({ action });
  });

  test('shows nothing as done that the agent did not answer', async () => {
    agent.answers['POST /scans'] = () => scanOf('decided', 'allow');
    await desk.submit('zone', false);
    expect(await desk.confirm()).toBe(false);
    expect(desk.scan?.step).toBe('decided');
    expect(desk.problem?.code).toBe('conflict');
  });

  test('does one thing at a time', async () => {
    agent.answers['POST /scans'] = () => scanOf('decided', 'allow');
    agent.hold();
    const first = desk.submit('zone', false);
    await desk.submit('another', false);
    expect(await desk.confirm()).toBe(false);
    agent.release();
    await first;
    expect(agent.routes()).toEqual(['POST /scans']);
  });

  test('a scan read while the person before is still being confirmed is the next', async () => {
    agent.answers['POST /scans'] = () => scanOf('decided', 'allow');
    agent.answers['POST /scans/00000000000000a1/confirm'] = () => scanOf('done', 'allow');
    await desk.submit('zone', false);
    agent.hold();
    const confirmed = desk.confirm();
    agent.release();
    agent.hold(); // the confirmation is answered, what the desk then looks like is not
    await vi.advanceTimersByTimeAsync(0);
    expect(desk.scan, 'the panel is ready').toBeNull();
    await desk.submit('the next', false);
    await desk.submit('one too many', false);
    agent.answers['POST /scans'] = () => scanOf('decided', 'refuse', '00000000000000b2');
    agent.release();
    expect(await confirmed).toBe(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(agent.asked.filter(({ route }) => route === 'POST /scans').map(({ body }) => (body as { text: string }).text)).toEqual(['zone', 'the next']);
    expect(desk.scan?.scan_id).toBe('00000000000000b2');
  });

  test('a scan read while a group is being begun belongs to it', async () => {
    agent.answers['POST /groups'] = () => ({ group_id: '00000000000000f1', state: 'open', verdict: null, members: [] }) as unknown as Group;
    agent.answers['POST /scans'] = () => scanOf('unreadable');
    agent.hold();
    const begun = desk.startGroup();
    await desk.submit('zone', false);
    agent.release();
    await begun;
    await vi.advanceTimersByTimeAsync(0);
    expect(agent.asked.find(({ route }) => route === 'POST /scans')?.body).toEqual({ text: 'zone', typed: false, group: { group_id: '00000000000000f1' } });
  });

  test('a scan read during an act that fails is not taken', async () => {
    agent.hold();
    const begun = desk.startGroup();
    await desk.submit('zone', false);
    agent.release();
    expect(await begun).toBe(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(agent.routes()).toEqual(['POST /groups']);
    agent.answers['POST /scans'] = () => scanOf('decided', 'allow');
    await desk.submit('zone', false);
    expect(agent.routes()).toEqual(['POST /groups', 'POST /scans']);
  });

  test('an answer asked for before an act is not taken for news', async () => {
    agent.hold();
    await vi.advanceTimersByTimeAsync(400); // asks for the station, which has no scan yet
    agent.answers['POST /scans'] = () => scanOf('decided', 'refuse');
    const submitted = desk.submit('zone', false);
    agent.release();
    await submitted;
    await vi.advanceTimersByTimeAsync(1);
    expect(desk.scan?.decision?.verdict).toBe('refuse');
  });

  test('shows a scan that came from a serial reader, and lets it go when the agent did', async () => {
    agent.station.scan = scanOf('decided', 'refer', '00000000000000b2');
    await vi.advanceTimersByTimeAsync(400);
    expect(desk.scan?.scan_id).toBe('00000000000000b2');
    agent.station.scan = null;
    await vi.advanceTimersByTimeAsync(400);
    expect(desk.scan).toBeNull();
  });

  test('says when the agent does not answer, and goes on by itself', async () => {
    agent.reachable = false;
    await vi.advanceTimersByTimeAsync(400);
    expect(desk.reachable).toBe(false);
    agent.reachable = true;
    await vi.advanceTimersByTimeAsync(400);
    expect(desk.reachable).toBe(true);
  });

  test('lets nobody pass by a key while the agent is silent or cannot record, and goes on with the same person after', async () => {
    agent.answers['POST /scans'] = () => (agent.station.scan = scanOf('decided', 'allow'));
    await desk.submit('zone', false);
    expect(desk.stopped).toBeNull();
    agent.reachable = false;
    await vi.advanceTimersByTimeAsync(400);
    expect(desk.stopped).toBe('unreachable');
    agent.reachable = true;
    expect([await desk.confirm(), await desk.back()]).toEqual([false, false]);
    agent.station = { ...agent.station, recording: { ok: false, code: 'storage_full' } };
    await vi.advanceTimersByTimeAsync(400);
    expect(desk.stopped).toBe('storage_full');
    expect([await desk.confirm(), await desk.back()]).toEqual([false, false]);
    expect(agent.routes()).toEqual(['POST /scans']);
    agent.station = { ...agent.station, recording: { ok: true, code: null } };
    await vi.advanceTimersByTimeAsync(400);
    expect(desk.stopped).toBeNull();
    expect(desk.scan?.decision?.verdict).toBe('allow');
  });

  test('asks nothing more once it is stopped, even if an answer was on its way', async () => {
    agent.hold();
    await vi.advanceTimersByTimeAsync(400);
    desk.stop();
    agent.release();
    const asked = agent.asked.length;
    await vi.advanceTimersByTimeAsync(4_000);
    expect(agent.asked.length).toBe(asked);
  });

  test('in a group, everybody after the first names who accompanies them', async () => {
    const open = (members: Scan[]): Group => ({ group_id: '00000000000000c3', state: 'open', verdict: null, members });
    agent.answers['POST /groups'] = () => (agent.station.group = open([]));
    agent.answers['POST /scans'] = () => {
      const member = scanOf('collected', null, `000000000000000${agent.station.group!.members.length + 1}`);
      agent.station.group = open([...agent.station.group!.members, member]);
      return member;
    };
    await desk.startGroup();
    await desk.submit('adult', false);
    desk.relation = 'guardian';
    await desk.submit('child', false);
    const scans = agent.asked.filter((request) => request.route === 'POST /scans').map((request) => request.body);
    expect(scans).toEqual([
      { text: 'adult', typed: false, group: { group_id: '00000000000000c3' } },
      { text: 'child', typed: false, group: { group_id: '00000000000000c3', with: { scan_id: '0000000000000001', relation: 'guardian' } } },
    ]);
    expect(desk.group?.members).toHaveLength(2);
  });

  test('sends a declaration with one scan, and keeps it while nothing was read', async () => {
    agent.answers['POST /scans'] = () => scanOf('unreadable');
    desk.declared = { weapons: false };
    await desk.submit('smudge', false);
    expect(desk.declared).not.toBeNull();
    agent.answers['POST /scans'] = () => scanOf('decided', 'allow');
    await desk.submit('zone', false);
    expect(agent.asked.at(-1)?.body).toEqual({ text: 'zone', typed: false, declared: { weapons: false } });
    await desk.submit('another', false);
    expect(agent.asked.at(-1)?.body).toEqual({ text: 'another', typed: false });
  });

  test('sends the category that was chosen beforehand', async () => {
    agent.answers['POST /scans'] = () => scanOf('decided', 'allow');
    desk.category = 'humanitarian';
    await desk.submit('zone', true);
    expect(agent.asked.at(-1)?.body).toEqual({ text: 'zone', typed: true, category: 'humanitarian' });
  });
});

test('each verdict has its own sound', () => {
  expect(soundOf('allow', 'exit')).toBe('exit');
  expect(soundOf('allow', 'entry')).toBe('entry');
  expect(soundOf('refer', 'exit')).toBe('refer');
  expect(soundOf('refuse', 'entry')).toBe('refuse');
  expect(soundOf(null, 'exit')).toBe('again');
});

import { describe, expect, test } from 'vitest';
import type { LedgerRecord, LineKeys } from '../api/server';
import { fromBase64, toBase64 } from './bytes';
import { HonestServer, Key, kLine, kNow, kSubject, MapStore } from './chain.fixture';
import { Memory } from './memory';
import { shownOf, type ShownContext } from './shown';
import { headSteps, recordSteps, verifyHead, verifyRecord, type Source, type Step } from './verify';

const kSize = 11;
const kSettled = 9;

function lineOf(memory = new Memory(new MapStore(), kLine)) {
  return { name: kLine, memory, now: kNow };
}

async function stepsOf(walk: AsyncGenerator<Step>): Promise<Step[]> {
  const steps: Step[] = [];
  for await (const step of walk) steps.push(step);
  return steps;
}

const server = new HonestServer(kSize, kSettled);

/** The walk of entry `index`, with some answers replaced, what the page shows altered, and a memory that knows the line. */
async function walk(index: number, { lies = {}, shows = {}, context = {}, line = lineOf() }: { lies?: Partial<Source>; shows?: Partial<LedgerRecord>; context?: Partial<ShownContext>; line?: ReturnType<typeof lineOf> } = {}) {
  const source: Source = {
    keys: () => server.keys(), entryProof: (at) => server.entryProof(at), journalProof: (at) => server.journalProof(at), consistency: (from, to) => server.consistency(from, to), ...lies,
  };
  const record = { ...server.record(index), ...shows };
  return stepsOf(verifyRecord(shownOf(record, { subject: kSubject, previous: index === 0 ? null : index - 1, ...context }), source, line));
}

const flipped = (base64: string) => {
  const bytes = fromBase64(base64)!;
  bytes[bytes.length - 1]! ^= 1;
  return toBase64(bytes);
};

describe('an honest server', () => {
  test.each(Array.from({ length: kSize }, (_, i) => i))('entry %i: every step holds; settled and provisional are told apart', async (index) => {
    const line = lineOf();
    const first = await walk(index, { line });
    expect(first.map((step) => step.id)).toEqual(recordSteps);
    expect(first.filter((step) => step.state === 'failed')).toEqual([]);
    expect(first.flatMap((step) => (step.reason?.endsWith('_first') ? [step.reason] : []))).toEqual(['keys_first', 'head_first']);
    const again = await walk(index, { line });
    expect(again.filter((step) => step.state === 'open').map((step) => step.reason)).toEqual(index < kSettled ? [] : ['not_settled']);
  });

  test('a head alone', async () => {
    const line = lineOf();
    for (const [size, cosigners, states] of [
      [kSettled, server.witnesses, ['open', 'proven', 'proven', 'open']], [kSettled, server.witnesses, ['proven', 'proven', 'proven', 'proven']], [kSize, [], ['proven', 'proven', 'open', 'proven']],
    ] as const) {
      const steps = await stepsOf(verifyHead(await server.head(size, cosigners), false, server, line));
      expect(steps.map((step) => step.id)).toEqual(headSteps);
      expect(steps.map((step) => step.state)).toEqual(states);
    }
  });

  test('the ledger grows between two verifications', async () => {
    const line = lineOf();
    await walk(2, { line });
    const grown = new HonestServer(kSize + 6, kSize + 1);
    const steps = await stepsOf(verifyRecord(shownOf(grown.record(2), { subject: kSubject, previous: 1 }), grown, line));
    expect(steps.map((step) => step.state)).toEqual(recordSteps.map(() => 'proven'));
    expect(line.memory.head()?.size).toBe(BigInt(kSize + 6));
  });
});

describe('an answer that was altered fails at its step', () => {
  const entryProof = async (index: number, change: (proof: Awaited<ReturnType<HonestServer['entryProof']>>) => void) => {
    const proof = await server.entryProof(BigInt(index));
    change(proof);
    return proof;
  };
  const journalProof = async (index: number, change: (proof: Awaited<ReturnType<HonestServer['journalProof']>>) => void) => {
    const proof = await server.journalProof(BigInt(index));
    change(proof);
    return proof;
  };
  const failure = (steps: Step[]) => {
    expect(steps.slice(0, -1).every((step) => step.state !== 'failed')).toBe(true);
    expect(steps.at(-1)!.state).toBe('failed');
    return `${steps.at(-1)!.id}: ${steps.at(-1)!.reason}`;
  };

  test.each<[string, Partial<LedgerRecord>]>([
    ['another officer', { officer: 'officer-8' }], ['another time', { occurred_at: '2026-10-01T08:00:00.001Z' }], ['another status', { status_after: 'side_a' }],
    ['another post', { agent: 'bridge-b-1' }], ['another kind', { kind: 'lookup' }], ['another direction', { movement: { ...server.record(4).movement!, direction: 'entry' } }],
    ['a verdict that the post did not give', { movement: { ...server.record(4).movement!, post_judgement: { verdict: 'refuse', articles: [] } } }],
    ['another checkpoint', { movement: { ...server.record(4).movement!, checkpoint: 'ford' } }], ['another side', { movement: { ...server.record(4).movement!, side: 'B' } }],
    ['goods that nobody declared', { movement: { ...server.record(4).movement!, declared: { goods: [{ kind: 'cash', unit: 'EUR', amount: 1 }] } } }],
    ['an article that the server did not cite', { movement: { ...server.record(4).movement!, server_judgement: { verdict: 'allow', articles: [{ id: '9(9)' }] } } }],
  ])('the page shows %s', async (_, shows) => {
    const steps = await walk(4, { shows });
    expect(failure(steps)).toBe('record: record_differs');
    expect(steps.at(-1)!.compared.length).toBeGreaterThan(0);
  });

  test('the page shows it as another person’s, or leaves out the record before it', async () => {
    expect(failure(await walk(4, { context: { subject: 'ff'.repeat(16) } }))).toBe('record: record_differs');
    expect(failure(await walk(4, { context: { previous: 2 } }))).toBe('record: record_differs');
    expect(failure(await walk(4, { context: { previous: null } }))).toBe('record: record_differs');
    expect((await walk(4, { context: { previous: undefined } })).at(-1)!.id).toBe('memory');
  });

  test('another entry', async () => {
    expect(failure(await walk(4, { lies: { entryProof: () => server.entryProof(5n) } }))).toBe('record: record_differs');
    expect(failure(await walk(4, { lies: { entryProof: () => entryProof(4, (proof) => (proof.entry = '')) } }))).toBe('record: entry_unreadable');
    expect(failure(await walk(4, { lies: { entryProof: () => entryProof(4, (proof) => (proof.entry = proof.entry.slice(0, 40))) } }))).toBe('record: entry_unreadable');
  });

  test('every flipped byte of the entry is found, whatever it says', async () => {
    const line = lineOf();
    const honest = await server.entryProof(4n);
    const bytes = fromBase64(honest.entry)!;
    const found = new Set<string>();
    for (let at = 0; at < bytes.length; at++) {
      const altered = bytes.slice();
      altered[at]! ^= 1;
      const steps = await walk(4, { line, lies: { entryProof: async () => ({ ...honest, entry: toBase64(altered), leaf: honest.leaf }) } });
      found.add(failure(steps).split(':')[0]!);
    }
    expect([...found].sort()).toEqual(['journal', 'ledger', 'record']);
  });

  test('the journal’s proof', async () => {
    for (const [change, expected] of [
      [(proof) => (proof.signature = flipped(proof.signature)), 'journal_signature'], [(proof) => (proof.size += 1), 'journal_signature'],
      [(proof) => (proof.hashes[0] = flipped(proof.hashes[0]!)), 'journal_signature'], [(proof) => proof.hashes.push(proof.hashes[0]!), 'journal_path'],
      [(proof) => proof.hashes.pop(), 'journal_path'], [(proof) => (proof.journal_index += 1), 'journal_place'], [(proof) => (proof.agent = 'office'), 'journal_place'],
      [(proof) => (proof.signature = ''), 'journal_signature'], [(proof) => (proof.hashes[0] = 'AAAA'), 'journal_path'],
    ] as [Parameters<typeof journalProof>[1], string][]) {
      expect(failure(await walk(4, { lies: { journalProof: () => journalProof(4, change) } }))).toBe(`journal: ${expected}`);
    }
  });

  test('the ledger’s proof', async () => {
    for (const [change, expected] of [
      [(proof) => (proof.hashes[1] = flipped(proof.hashes[1]!)), 'ledger: ledger_root'], [(proof) => proof.hashes.pop(), 'ledger: ledger_path'],
      [(proof) => proof.hashes.push(proof.leaf), 'ledger: ledger_path'], [(proof) => (proof.leaf = flipped(proof.leaf)), 'ledger: ledger_root'],
      [(proof) => (proof.head.root = flipped(proof.head.root)), 'ledger: ledger_root'], [(proof) => (proof.head.size = kSettled - 1), 'ledger: ledger_path'],
    ] as [Parameters<typeof entryProof>[1], string][]) {
      expect(failure(await walk(4, { lies: { entryProof: () => entryProof(4, change) } }))).toBe(expected);
    }
  });

  test('the signed head', async () => {
    const other = await server.head(kSize);
    for (const [change, expected] of [
      [(proof) => (proof.note = other.note), 'head: head_differs'], [(proof) => (proof.note = proof.note.slice(0, -1)), 'head: note_unreadable'],
      [(proof) => (proof.note = proof.note.replace(/(river-line\/ledger [A-Za-z0-9+/]{20})(.)/, (_, before, c) => before + (c === 'A' ? 'B' : 'A'))), 'head: ledger_signature'],
      [(proof) => (proof.note = proof.note.split('\n').filter((text) => !text.startsWith('\u2014 river-line/ledger')).join('\n')), 'head: ledger_signature'],
    ] as [Parameters<typeof entryProof>[1], string][]) {
      expect(failure(await walk(4, { lies: { entryProof: () => entryProof(4, change) } }))).toBe(expected);
    }
  });

  test('a witness’s cosignature, and a head that is only called settled', async () => {
    const spoiled = (proof: { note: string }) => (proof.note = proof.note.replace(/(witness-b [A-Za-z0-9+/]{40})(.)/, (_, before, c) => before + (c === 'A' ? 'B' : 'A')));
    const without = (proof: { note: string }) => (proof.note = proof.note.split('\n').filter((text) => !text.includes('witness-b')).join('\n'));
    expect(failure(await walk(4, { lies: { entryProof: () => entryProof(4, spoiled) } }))).toBe('witnesses: witness_signature');
    expect(failure(await walk(4, { lies: { entryProof: () => entryProof(4, without) } }))).toBe('witnesses: false_settled');
    const none: Partial<Source> = { keys: async () => ({ ...(await server.keys()), policy: null }) };
    expect(failure(await walk(4, { lies: none }))).toBe('witnesses: false_settled');
    expect((await walk(10, { lies: none })).find((step) => step.id === 'witnesses')!.reason).toBe('no_policy');
  });

  test('keys that are others than before, until somebody takes them', async () => {
    for (const change of [
      (keys: LineKeys) => (keys.agents[0]!.key = keys.agents[1]!.key), async (keys: LineKeys) => (keys.ledger = await new Key(`${kLine}/ledger`, 9).text()), (keys: LineKeys) => (keys.policy = null),
    ]) {
      const line = lineOf();
      await walk(4, { line });
      const changed = await server.keys();
      await change(changed);
      const lies = { keys: () => Promise.resolve(changed) };
      const [step] = await walk(4, { line, lies });
      expect(failure([step!])).toBe('keys: keys_changed');
      line.memory.replaceKeys(step!.changed!.keys, kNow, step!.changed!.agent);
      expect((await walk(4, { line, lies }))[0]!.state).toBe('proven');
    }
    expect(failure(await walk(4, { lies: { keys: async () => ({ ...(await server.keys()), agents: [] }) } }))).toBe('keys: agent_unknown');
  });

  test('a line of another name does not set aside what was kept, until somebody takes it', async () => {
    const store = new MapStore();
    await walk(4, { line: lineOf(new Memory(store, 'hill-line')) });
    const line = lineOf(new Memory(store, kLine));
    const [step] = await walk(4, { line });
    expect(failure([step!])).toBe('keys: keys_changed');
    expect(step!.compared[0]).toEqual({ what: 'line', computed: kLine, stated: 'hill-line' });
    line.memory.replaceKeys(step!.changed!.keys, kNow, step!.changed!.agent);
    expect((await walk(4, { line }))[0]!.state).toBe('proven');
  });

  test('what an earlier version kept, without the name of the line, still counts', async () => {
    const store = new MapStore();
    const line = lineOf(new Memory(store, kLine));
    await walk(4, { line });
    store.removeItem('crossline.evidence.line');
    expect((await walk(4, { line }))[0]!.state).toBe('proven');
  });

  test('what is taken is what was shown: of the line and of this one post', async () => {
    const line = lineOf();
    await walk(4, { line });
    const [shown] = await walk(4, { line, lies: { keys: async () => ({ ...(await server.keys()), policy: null }) } });
    // The same answer has another key of another post, which no person looked at; and a second answer would have had others again.
    const { keys, agent } = shown!.changed!;
    expect(agent).toBe(keys.agents[0]!.agent);
    keys.agents[1]!.key = keys.agents[0]!.key;
    keys.office = keys.agents[0]!.key;
    line.memory.replaceKeys(keys, kNow, agent);
    const kept = line.memory.keys()!;
    const honest = await server.keys();
    expect([kept.policy, kept.office, kept.agents[honest.agents[1]!.agent]]).toEqual([null, honest.office, honest.agents[1]!.key]);
    expect(failure(await walk(5, { line, lies: { keys: async () => keys } }))).toBe('keys: keys_changed');
  });

  test.each([2 ** 60, -1, 1.5, Number.NaN, 1e300])('a size of %d is none, and costs nothing', async (size) => {
    const proof = await server.journalProof(4n);
    expect(failure(await walk(4, { lies: { journalProof: async () => ({ ...proof, size }) } }))).toBe('journal: journal_path');
    const entry = await server.entryProof(4n);
    expect(failure(await walk(4, { lies: { entryProof: async () => ({ ...entry, head: { ...entry.head, size } }) } }))).toBe('ledger: ledger_path');
  });

  test('a proof longer than any tree has is not decoded', async () => {
    const entry = await server.entryProof(4n);
    const hashes = Array.from({ length: 65 }, () => entry.hashes[0]!);
    expect(failure(await walk(4, { lies: { entryProof: async () => ({ ...entry, hashes }) } }))).toBe('ledger: ledger_path');
  });

  test('a key that was not looked at meanwhile is compared with the first one all the same', async () => {
    const line = lineOf();
    await walk(4, { line });
    const changed = await server.keys();
    changed.agents[0]!.key = changed.agents[1]!.key;
    const lies = { keys: () => Promise.resolve(changed) };
    const head = await server.head(kSettled, server.witnesses);
    const steps = await stepsOf(verifyHead(head, true, { keys: lies.keys, entryProof: (at) => server.entryProof(at), journalProof: (at) => server.journalProof(at), consistency: (from, to) => server.consistency(from, to) }, line));
    expect(steps.at(-1)!.state).toBe('proven');
    expect(failure(await walk(4, { line, lies }))).toBe('keys: keys_changed');
  });

  test('a key of another name or kind vouches for nothing', async () => {
    const foreign = await new Key('other-line/ledger', 1).text();
    expect(failure(await walk(4, { lies: { keys: async () => ({ ...(await server.keys()), ledger: foreign }) } }))).toBe('head: key_unreadable');
    const cosigner = await server.witnesses[0]!.text();
    const keys = await server.keys();
    keys.agents[0]!.key = cosigner;
    expect(failure(await walk(4, { lies: { keys: () => Promise.resolve(keys) } }))).toBe('journal: key_unreadable');
  });

  test('a history that was changed, or is gone', async () => {
    const line = lineOf();
    await walk(4, { line });
    const kept = line.memory.head()!;
    expect(kept.size).toBe(BigInt(kSize));
    line.memory.keepHead({ ...kept, root: new Uint8Array(32) });
    expect(failure(await walk(4, { line }))).toBe('memory: inconsistent');
    line.memory.keepHead({ ...kept, size: BigInt(kSettled), root: new Uint8Array(32) });
    expect(failure(await walk(4, { line }))).toBe('memory: two_histories');
    line.memory.keepHead({ ...kept, size: BigInt(kSize + 1) });
    expect(failure(await walk(4, { line }))).toBe('memory: shrank');
    line.memory.keepHead(kept);
    const unsigned = { consistency: async (from: bigint) => ({ ...(await server.consistency(from))!, note: (await new HonestServer(3, 3).head(3)).note.replace('\u2014 river-line', '\u2014 x') }) };
    expect(failure(await walk(4, { line, lies: unsigned }))).toBe('memory: ledger_signature');
  });

  test('a server with two histories that answers from each in turn', async () => {
    // The browser has seen the first; the record stands in the second, which is as well formed as the other.
    const other = new HonestServer(kSize + 2, kSize + 2, 5);
    for (const seen of [new HonestServer(kSettled, kSettled), new HonestServer(kSize + 1, kSize + 1), new HonestServer(kSize + 4, kSize + 4)]) {
      const line = lineOf();
      expect((await stepsOf(verifyHead(await seen.head(seen.size, seen.witnesses), true, seen, line))).at(-1)!.state).toBe('open');
      const kept = line.memory.head()!;
      const historyOf = async (from: bigint) => (from === kept.size ? seen : other);
      const twoFaced: Source = {
        keys: () => other.keys(), entryProof: (at) => other.entryProof(at), journalProof: (at) => other.journalProof(at),
        consistency: async (from, to) => {
          const one = await (await historyOf(from)).consistency(from, to === undefined || to > BigInt(seen.size) ? undefined : to);
          return one ?? other.consistency(from, to);
        },
      };
      const steps = await stepsOf(verifyRecord(shownOf(other.record(7), { subject: kSubject, previous: 6 }), twoFaced, line));
      expect(failure(steps)).toMatch(/^memory: (inconsistent|shrank)$/);
      expect(line.memory.head()).toEqual(kept);
    }
  });

  test('an agent, or a place of a post, of which this browser knew nothing is not called proven', async () => {
    const line = lineOf();
    const without = await server.keys();
    without.agents.pop();
    line.memory.keepKeys(without, kNow);
    const published = await server.head(kSettled, server.witnesses);
    // Looking at a head shows nobody the new agent's key, so it is not taken either.
    expect((await stepsOf(verifyHead(published, true, server, line)))[0]!.state).toBe('proven');
    const [first] = await walk(5, { line });
    expect([first!.state, first!.reason]).toEqual(['open', 'keys_first']);
    expect((await walk(5, { line }))[0]!.state).toBe('proven');
    const moved = await server.keys();
    moved.agents[0]!.checkpoint = 'ford';
    const record = server.record(4);
    const shows = { movement: { ...record.movement!, checkpoint: 'ford' } };
    expect(failure(await walk(4, { line, shows, lies: { keys: () => Promise.resolve(moved) } }))).toBe('keys: keys_changed');
  });

  test('what cannot be asked proves nothing: the error of the source comes through', async () => {
    await expect(walk(4, { lies: { journalProof: () => Promise.reject(new Error('busy')) } })).rejects.toThrow('busy');
  });
});

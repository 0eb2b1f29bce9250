// For tests: a line of two posts with a ledger of its own, made by the naive definitions of the formats and signed by the
// library, so that the verifier under test has an honest server to ask and tests have answers to alter.
import { ed25519 } from '@noble/curves/ed25519.js';
import type { ConsistencyProof, EntryProof, JournalProof, LedgerRecord, LineKeys } from '../api/server';
import { concat, hex, toBase64, u64BigEndian, utf8, type Bytes } from './bytes';
import { leafHash, nodeHash, sha256 } from './hashing';
import type { Source } from './verify';

export const kLine = 'river-line';
export const kNow = '2026-10-01T09:00:00.000Z';
export const kSubject = '4d8bf9cdfdda9396beecf554d863286d';
const kStartMs = Date.parse('2026-10-01T08:00:00.000Z');

// The naive tree: RFC 9162 section 2.1, by its recursive definitions.
const splitOf = (n: number) => 2 ** Math.floor(Math.log2(n - 1));

export async function rootOf(leaves: Bytes[]): Promise<Bytes> {
  if (leaves.length === 0) return sha256(new Uint8Array());
  if (leaves.length === 1) return leaves[0]!;
  const k = splitOf(leaves.length);
  return nodeHash(await rootOf(leaves.slice(0, k)), await rootOf(leaves.slice(k)));
}

export async function pathOf(m: number, leaves: Bytes[]): Promise<Bytes[]> {
  if (leaves.length === 1) return [];
  const k = splitOf(leaves.length);
  return m < k
    ? [...(await pathOf(m, leaves.slice(0, k))), await rootOf(leaves.slice(k))]
    : [...(await pathOf(m - k, leaves.slice(k))), await rootOf(leaves.slice(0, k))];
}

export async function consistencyOf(m: number, leaves: Bytes[], whole = true): Promise<Bytes[]> {
  if (m === leaves.length) return whole ? [] : [await rootOf(leaves)];
  const k = splitOf(leaves.length);
  return m <= k
    ? [...(await consistencyOf(m, leaves.slice(0, k), whole)), await rootOf(leaves.slice(k))]
    : [...(await consistencyOf(m - k, leaves.slice(k), false)), await rootOf(leaves.slice(0, k))];
}

// Protobuf, as far as the fixture needs it.
function varint(value: bigint): Bytes {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    if (rest <= 0x7fn) return Uint8Array.from(bytes);
  }
}
export const number = (field: number, value: number | bigint): Bytes => concat(varint(BigInt(field) << 3n), varint(BigInt(value)));
export const data = (field: number, value: Bytes | string): Bytes => {
  const bytes = typeof value === 'string' ? utf8(value) : value;
  return concat(varint((BigInt(field) << 3n) | 2n), varint(BigInt(bytes.length)), bytes);
};
const unhex = (text: string): Bytes => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** A signing key of a fixed seed, with its text. */
export class Key {
  private readonly secret: Bytes;
  readonly publicKey: Bytes;
  constructor(readonly name: string, seed: number, readonly type: 1 | 4 = 1) {
    this.secret = new Uint8Array(32).fill(seed);
    this.publicKey = Uint8Array.from(ed25519.getPublicKey(this.secret));
  }
  sign(message: Bytes): Bytes {
    return Uint8Array.from(ed25519.sign(message, this.secret));
  }
  private blob(): Bytes {
    return concat(Uint8Array.of(this.type), this.publicKey);
  }
  private async id(): Promise<Bytes> {
    return (await sha256(concat(utf8(`${this.name}\n`), this.blob()))).slice(0, 4);
  }
  async text(): Promise<string> {
    return `${this.name}+${hex(await this.id())}+${toBase64(this.blob())}`;
  }
  async line(text: string, timeS = 1_790_841_600n): Promise<string> {
    const signature = this.type === 1 ? this.sign(utf8(text)) : concat(u64BigEndian(timeS), this.sign(utf8(`cosignature/v1\ntime ${timeS}\n${text}`)));
    return `\u2014 ${this.name} ${toBase64(concat(await this.id(), signature))}\n`;
  }
}

interface Crossing {
  agent: 'bridge-a-1' | 'bridge-b-1';
  journalIndex: number;
  previous: number | null;
}

/** An honest server with `size` entries, all about one person, of which the first `settledSize` are cosigned by both sides. */
export class HonestServer implements Source {
  readonly ledgerKey = new Key(`${kLine}/ledger`, 1);
  readonly officeKey = new Key(`${kLine}/journal/office`, 2);
  readonly agentKeys = { 'bridge-a-1': new Key(`${kLine}/journal/bridge-a-1`, 3), 'bridge-b-1': new Key(`${kLine}/journal/bridge-b-1`, 4) };
  readonly witnesses = [new Key(`${kLine}/witness-a`, 5, 4), new Key(`${kLine}/witness-b`, 6, 4)];
  private readonly crossings: Crossing[];

  /** From entry `fork` on another history: everything is one second later. */
  constructor(readonly size: number, readonly settledSize: number, private readonly fork = Infinity) {
    this.crossings = Array.from({ length: size }, (_, i) => ({
      agent: i % 3 === 2 ? 'bridge-b-1' : 'bridge-a-1', journalIndex: i % 3 === 2 ? Math.floor(i / 3) : i - Math.floor((i + 1) / 3), previous: i === 0 ? null : i - 1,
    }));
  }

  private atMs(index: number): number {
    return kStartMs + index * 60_000 + (index >= this.fork ? 1_000 : 0);
  }

  event(index: number): Bytes {
    const { agent, journalIndex } = this.crossings[index]!;
    const movement = concat(
      data(1, unhex(kSubject)), number(2, index % 2 === 0 ? 1 : 2), number(3, 1), data(4, 'resident_a'), number(5, 1), number(6, 34), data(7, 'passport'),
      data(8, 'XAA'), number(9, 1800), number(12, 1), data(13, '3(1)'), number(15, 3),
    );
    return concat(number(1, 1), data(2, agent), number(3, journalIndex), number(4, this.atMs(index)), number(5, 86_400_000), data(8, 'officer-7'), data(9, movement));
  }

  entry(index: number): Bytes {
    const { agent, previous } = this.crossings[index]!;
    const at = this.atMs(index);
    return concat(
      data(1, this.event(index)), data(2, agent), number(3, at + 40), number(4, 1), data(5, '3(1)'), data(6, new Uint8Array(32).fill(7)), data(7, number(1, 3)),
      previous === null ? new Uint8Array() : number(8, previous), number(11, at),
    );
  }

  /** As the timeline shows it. */
  record(index: number): LedgerRecord {
    const { agent, journalIndex } = this.crossings[index]!;
    const at = this.atMs(index);
    const judgement = { verdict: 'allow' as const, articles: [{ id: '3(1)', text: { en: 'Residents may cross.' } }] };
    return {
      kind: 'movement', ledger_index: index, journal_index: journalIndex, agent, officer: 'officer-7', occurred_at: new Date(at).toISOString(), recorded_at: new Date(at).toISOString(),
      received_at: new Date(at + 40).toISOString(), status_after: 'between',
      movement: {
        checkpoint: 'bridge', side: 'A', direction: index % 2 === 0 ? 'exit' : 'entry', outcome: 'passed', category: 'resident_a', age_years: 34, sex: 'female', document_kind: 'passport',
        document_issuer: 'XAA', post_judgement: judgement, server_judgement: judgement, decided_offline: false, conflict: false, edition: 3, document_repaired: false, companions: 0, corrected: false,
      },
    };
  }

  async head(size: number, cosigners: readonly Key[] = []) {
    const root = toBase64(await rootOf(await this.leaves(size)));
    const text = `${kLine}/ledger\n${size}\n${root}\n`;
    const grease = '\u2014 grease AAAAAAA=\n';
    const lines = await Promise.all([this.ledgerKey, ...cosigners].map((key) => key.line(text)));
    return { head: { origin: `${kLine}/ledger`, size, root }, note: `${text}\n${lines.join('')}${grease}`, cosigners: cosigners.map((key) => ({ name: key.name, at: kNow })) };
  }

  async policy(): Promise<string> {
    const [ledger, a, b] = await Promise.all([this.ledgerKey, ...this.witnesses].map((key) => key.text()));
    return `log ${ledger}\nwitness A ${a}\nwitness B ${b}\ngroup both 2 A B\nquorum both\n`;
  }

  async keys(): Promise<LineKeys> {
    const agents = await Promise.all(Object.entries(this.agentKeys).map(async ([agent, key]) => ({ agent, checkpoint: 'bridge', side: 'A' as const, party: 'A' as const, revoked: false, key: await key.text() })));
    return { ledger: await this.ledgerKey.text(), office: await this.officeKey.text(), agents, policy: await this.policy() };
  }

  async entryProof(index: bigint): Promise<EntryProof> {
    const settled = index < this.settledSize;
    const size = settled ? this.settledSize : this.size;
    const leaves = await this.leaves(size);
    const entry = this.entry(Number(index));
    return {
      ...(await this.head(size, settled ? this.witnesses : [])), ledger_index: Number(index), state: settled ? 'settled' : 'provisional', entry: toBase64(entry),
      leaf: toBase64(await leafHash(entry)), hashes: (await pathOf(Number(index), leaves)).map(toBase64), proof: '',
    };
  }

  async journalProof(index: bigint): Promise<JournalProof> {
    const { agent, journalIndex } = this.crossings[Number(index)]!;
    const events = this.crossings.flatMap((one, i) => (one.agent === agent ? [this.event(i)] : []));
    const leaves = await Promise.all(events.map(leafHash));
    const size = Math.min(leaves.length, journalIndex + 2); // the submission brought one event more
    const origin = `${kLine}/journal/${agent}`;
    const text = `${origin}\n${size}\n${toBase64(await rootOf(leaves.slice(0, size)))}\n`;
    return {
      ledger_index: Number(index), agent, origin, journal_index: journalIndex, size, hashes: (await pathOf(journalIndex, leaves.slice(0, size))).map(toBase64),
      signature: toBase64(this.agentKeys[agent].sign(utf8(text))),
    };
  }

  async consistency(from: bigint, to = BigInt(this.size)): Promise<ConsistencyProof | null> {
    if (from > to || to > this.size) return null;
    return { ...(await this.head(this.size)), from: Number(from), to: Number(to), hashes: (await consistencyOf(Number(from), await this.leaves(Number(to)))).map(toBase64) };
  }

  private leaves(size: number): Promise<Bytes[]> {
    return Promise.all(Array.from({ length: size }, (_, i) => leafHash(this.entry(i))));
  }
}

export class MapStore {
  private readonly map = new Map<string, string>();
  getItem = (key: string) => this.map.get(key) ?? null;
  setItem = (key: string, value: string) => void this.map.set(key, value);
  removeItem = (key: string) => void this.map.delete(key);
}

// The chain of evidence of one record, walked in the browser: what the page shows, the entry's bytes, the agent's journal
// and signature, the ledger's tree, its signed head, the witnesses. Nothing that the server says of itself is believed: each
// hash is computed here, each signature is checked here. The first step that does not hold ends the walk.
import type { ConsistencyProof, EntryProof, JournalProof, LineKeys, PublishedHead } from '../api/server';
import { equal, fromBase64, toBase64, type Bytes } from './bytes';
import { verifyEd25519 } from './ed25519';
import { readEntry, type Entry, type SaidOf } from './entry';
import { kHashBytes, leafHash } from './hashing';
import { postOf, type Memory } from './memory';
import { kCosignature, parseNote, parseVerifierKey, verifyNote, type SignedNote, type VerifierKey, type Voucher } from './note';
import { isQuorumMet, parsePolicy, type Policy } from './policy';
import { isConsistent, rootFromInclusion } from './proof';
import type { Shown } from './shown';
import { parseTreeHead, treeHeadText, type TreeHead } from './tree-head';

export const recordSteps = ['keys', 'record', 'journal', 'ledger', 'head', 'witnesses', 'memory'] as const;
export const headSteps = ['keys', 'head', 'witnesses', 'memory'] as const;
export type StepId = (typeof recordSteps)[number];

/** `open`: nothing is wrong, and it is not yet what it could be: not cosigned by both sides, or seen for the first time. */
export type StepState = 'proven' | 'open' | 'failed';

export type Reason =
  | 'keys_first' | 'keys_changed' | 'key_unreadable' | 'agent_unknown'
  | 'entry_unreadable' | 'record_differs'
  | 'journal_place' | 'journal_path' | 'journal_signature'
  | 'ledger_path' | 'ledger_root'
  | 'note_unreadable' | 'head_differs' | 'ledger_signature'
  | 'no_policy' | 'policy_unreadable' | 'witness_signature' | 'not_settled' | 'false_settled'
  | 'head_first' | 'two_histories' | 'shrank' | 'inconsistent';

/** One thing that was looked at: what came out here, and, where something stated it, what it had to be. */
export interface Compared {
  what: SaidOf | 'line' | 'ledger_key' | 'office_key' | 'agent_key' | 'agent_post' | 'policy' | 'leaf' | 'place' | 'root' | 'size' | 'origin' | 'signed_by' | 'cosigned' | 'seen_before';
  computed: string;
  stated?: string;
}

export interface Step {
  id: StepId;
  state: StepState;
  reason?: Reason;
  compared: Compared[];
  /** With `keys_changed`: the answer that was compared, for whoever takes what it showed of the line and of `agent`. */
  changed?: { keys: LineKeys; agent: string | null };
}

/** Who answers the questions of a verification; asked and not believed. */
export interface Source {
  keys(): Promise<LineKeys>;
  entryProof(index: bigint): Promise<EntryProof>;
  journalProof(index: bigint): Promise<JournalProof>;
  /** That the ledger of `to` entries, the newest when it is left out, begins with that of `from`; null when the server has none so large. */
  consistency(from: bigint, to?: bigint): Promise<ConsistencyProof | null>;
}

export interface Line {
  name: string;
  memory: Memory;
  /** An instant of the API. */
  now: string;
}

/** The steps of one record, as they are done; the walk ends behind the first that failed. Throws what the source throws. */
export async function* verifyRecord(shown: Shown, source: Source, line: Line): AsyncGenerator<Step> {
  const keys = await source.keys();
  const proof = await source.entryProof(shown.ledgerIndex);
  const bytes = fromBase64(proof.entry);
  const entry = bytes && readEntry(bytes);
  const walk = async function* (): AsyncGenerator<Step> {
    yield await checkKeys(keys, line, entry?.agent ?? null);
    yield checkRecord(shown, entry, keys);
    yield await checkJournal(entry!, keys, await source.journalProof(shown.ledgerIndex), line.name);
    yield await checkLedger(bytes!, shown.ledgerIndex, proof);
    yield* headWalk(proof, proof.state === 'settled', keys, source, line);
  };
  yield* untilFailure(walk());
}

/** The same of a published head alone. */
export async function* verifyHead(published: PublishedHead, saidSettled: boolean, source: Source, line: Line): AsyncGenerator<Step> {
  const keys = await source.keys();
  const walk = async function* (): AsyncGenerator<Step> {
    yield await checkKeys(keys, line, null);
    yield* headWalk(published, saidSettled, keys, source, line);
  };
  yield* untilFailure(walk());
}

async function* headWalk(published: PublishedHead, saidSettled: boolean, keys: LineKeys, source: Source, line: Line): AsyncGenerator<Step> {
  yield await checkHead(published, keys, line.name);
  yield await checkWitnesses(published, saidSettled, keys, line.name);
  yield await checkMemory(parseTreeHead(parseNote(published.note)!.text)!, keys, source, line);
}

async function* untilFailure(steps: AsyncGenerator<Step>): AsyncGenerator<Step> {
  for await (const step of steps) {
    yield step;
    if (step.state === 'failed') return;
  }
}

const failed = (id: StepId, reason: Reason, compared: Compared[] = []): Step => ({ id, state: 'failed', reason, compared });
const proven = (id: StepId, compared: Compared[]): Step => ({ id, state: 'proven', compared });
const open = (id: StepId, reason: Reason, compared: Compared[]): Step => ({ id, state: 'open', reason, compared });
export const differs = (one: Compared): boolean => one.stated !== undefined && one.stated !== one.computed;

/** That the line, the keys, and the place of the post, are those this browser used before. An agent of which it knew nothing is new, whatever else it knew. */
async function checkKeys(keys: LineKeys, { name, memory, now }: Line, agent: string | null): Promise<Step> {
  const kept = memory.keys();
  const compared: Compared[] = [given('line', name, memory.lineBefore() ?? undefined), given('ledger_key', keys.ledger, kept?.ledger)];
  if (agent === 'office') compared.push(given('office_key', keys.office, kept?.office));
  else if (agent !== null) {
    const enrolled = keys.agents.find((one) => one.agent === agent);
    if (enrolled === undefined) return failed('keys', 'agent_unknown', [{ what: 'agent', computed: agent }]);
    compared.push(given('agent_key', enrolled.key, kept?.agents[agent]), given('agent_post', postOf(enrolled), kept?.posts?.[agent]));
  }
  compared.push(given('policy', keys.policy ?? '', kept ? (kept.policy ?? '') : undefined));
  if (compared.some(differs)) return { ...failed('keys', 'keys_changed', compared), changed: { keys, agent } };
  memory.keepKeys(keys, now, agent);
  const isNew = compared.some((one) => one.stated === undefined);
  return isNew ? open('keys', 'keys_first', compared) : proven('keys', compared);
}

function given(what: Compared['what'], computed: string, stated: string | undefined): Compared {
  return stated === undefined ? { what, computed } : { what, computed, stated };
}

/** That the entry says what the page shows; where the post stands, its agent's enrolment says, beside its key. */
function checkRecord(shown: Shown, entry: Entry | null, keys: LineKeys): Step {
  if (!entry) return failed('record', 'entry_unreadable');
  const post = keys.agents.find((one) => one.agent === entry.agent);
  const said = new Map<SaidOf, string>([...entry.said, ['checkpoint', post?.checkpoint ?? ''], ['side', post?.side ?? '']]);
  const compared = [...shown.said].map(([what, stated]): Compared => ({ what, computed: said.get(what) ?? '', stated }));
  return compared.some(differs) ? failed('record', 'record_differs', compared.filter(differs)) : proven('record', compared);
}

/** That the event stands in its agent's journal, under a head that the agent signed. */
async function checkJournal(entry: Entry, keys: LineKeys, proof: JournalProof, line: string): Promise<Step> {
  const place: Compared = { what: 'place', computed: `${entry.agent}, ${entry.journalIndex}`, stated: `${proof.agent}, ${proof.journal_index}` };
  if (differs(place)) return failed('journal', 'journal_place', [place]);
  const leaf = await leafHash(entry.event);
  const hashes = hashesOf(proof.hashes);
  const size = wholeNumber(proof.size);
  const root = hashes && size !== null && (await rootFromInclusion(entry.journalIndex, size, leaf, hashes));
  const compared: Compared[] = [place, { what: 'leaf', computed: toBase64(leaf) }, { what: 'size', computed: String(proof.size) }];
  if (!root || size === null) return failed('journal', 'journal_path', compared);
  const text = entry.agent === 'office' ? keys.office : (keys.agents.find((one) => one.agent === entry.agent)?.key ?? '');
  const key = await parseVerifierKey(text);
  const origin = `${line}/journal/${entry.agent}`;
  if (!key || key.name !== origin) return failed('journal', 'key_unreadable', [{ what: 'agent_key', computed: text }]);
  compared.push({ what: 'root', computed: toBase64(root) }, { what: 'signed_by', computed: key.name });
  const signature = fromBase64(proof.signature) ?? new Uint8Array();
  const message = new TextEncoder().encode(treeHeadText({ origin, size, root }));
  return (await verifyEd25519(key.key, message, signature)) ? proven('journal', compared) : failed('journal', 'journal_signature', compared);
}

/** That the entry's bytes lead to the root of the head. */
async function checkLedger(bytes: Bytes, index: bigint, proof: EntryProof): Promise<Step> {
  const leaf = await leafHash(bytes);
  const compared: Compared[] = [{ what: 'place', computed: String(index) }, { what: 'leaf', computed: toBase64(leaf), stated: proof.leaf }];
  const hashes = hashesOf(proof.hashes);
  const size = wholeNumber(proof.head.size);
  const root = hashes && size !== null && (await rootFromInclusion(index, size, leaf, hashes));
  if (!root) return failed('ledger', 'ledger_path', compared);
  compared.push({ what: 'size', computed: String(proof.head.size) }, { what: 'root', computed: toBase64(root), stated: proof.head.root });
  return compared.some(differs) ? failed('ledger', 'ledger_root', compared) : proven('ledger', compared);
}

/** That the ledger's key signed this head. */
async function checkHead(published: PublishedHead, keys: LineKeys, line: string): Promise<Step> {
  const note = parseNote(published.note);
  const head = note && parseTreeHead(note.text);
  if (!note || !head) return failed('head', 'note_unreadable');
  const compared: Compared[] = [
    { what: 'origin', computed: head.origin, stated: `${line}/ledger` },
    { what: 'size', computed: String(head.size), stated: String(published.head.size) },
    { what: 'root', computed: toBase64(head.root), stated: published.head.root },
  ];
  if (compared.some(differs)) return failed('head', 'head_differs', compared);
  const key = await parseVerifierKey(keys.ledger);
  if (!key || key.name !== head.origin) return failed('head', 'key_unreadable', [{ what: 'ledger_key', computed: keys.ledger }]);
  const finding = await verifyNote(note, [key]);
  if (!finding.ok) return failed('head', 'ledger_signature', compared);
  return proven('head', [...compared, { what: 'signed_by', computed: key.name }]);
}

/** That the witnesses of both sides cosigned it. */
async function checkWitnesses(published: PublishedHead, saidSettled: boolean, keys: LineKeys, line: string): Promise<Step> {
  if (keys.policy === null) return saidSettled ? failed('witnesses', 'false_settled') : open('witnesses', 'no_policy', []);
  const policy = await parsePolicy(keys.policy);
  const ledger = await parseVerifierKey(keys.ledger);
  if (!policy || !ledger || !policy.logs.some((log) => log.name === `${line}/ledger` && equal(log.key, ledger.key))) {
    return failed('witnesses', 'policy_unreadable', [{ what: 'policy', computed: keys.policy }]);
  }
  const finding = await verifyNote(parseNote(published.note)!, [ledger, ...policy.witnesses]);
  if (!finding.ok) return failed('witnesses', 'witness_signature', finding.by ? [{ what: 'signed_by', computed: finding.by.name }] : []);
  const compared = cosigned(policy, finding.vouchers);
  if (isQuorumMet(policy, finding.vouchers)) return proven('witnesses', compared);
  return saidSettled ? failed('witnesses', 'false_settled', compared) : open('witnesses', 'not_settled', compared);
}

function cosigned(policy: Policy, vouchers: readonly Voucher[]): Compared[] {
  const timeOf = (witness: VerifierKey) => vouchers.find((one) => one.key.type === kCosignature && equal(one.key.key, witness.key))?.timeS;
  return policy.witnesses.map((witness) => {
    const time = timeOf(witness);
    return { what: 'cosigned', computed: time == null ? `${witness.name}: –` : `${witness.name}: ${new Date(time * 1_000).toISOString()}` };
  });
}

/**
 * That this head and the one seen before are of one history, whichever is the larger, and that the newest head goes on from there.
 * The two are proven against each other: each against a newest head of its own would let a server answer from two histories in turn.
 * Keeps the newest head.
 */
async function checkMemory(head: TreeHead, keys: LineKeys, source: Source, { memory }: Line): Promise<Step> {
  const kept = memory.head();
  const seen = kept?.origin === head.origin ? kept : null;
  const compared: Compared[] = seen ? [{ what: 'seen_before', computed: `${seen.size}, ${toBase64(seen.root)}` }] : [];
  if (seen?.size === head.size) {
    return equal(seen.root, head.root) ? proven('memory', compared) : failed('memory', 'two_histories', [...compared, { what: 'root', computed: toBase64(head.root) }]);
  }
  const [earlier, later] = seen && seen.size > head.size ? [head, seen] : [seen, head];
  if (earlier) {
    const between = await source.consistency(earlier.size, later.size);
    if (!between) return failed('memory', 'shrank', compared);
    if (!(await continues(earlier, later, between))) return failed('memory', 'inconsistent', [...compared, ...headCompared(head)]);
  }
  const proof = await source.consistency(later.size);
  if (!proof) return failed('memory', 'shrank', compared);
  const note = parseNote(proof.note);
  const newest = note && (await signedHead(note, keys));
  if (!newest || newest.origin !== later.origin) return failed('memory', 'ledger_signature', compared);
  if (!(await continues(later, newest, proof))) return failed('memory', 'inconsistent', [...compared, ...headCompared(newest)]);
  memory.keepHead(newest);
  compared.push(...headCompared(newest));
  return seen ? proven('memory', compared) : open('memory', 'head_first', compared);
}

async function continues(earlier: TreeHead, later: TreeHead, proof: ConsistencyProof): Promise<boolean> {
  const hashes = hashesOf(proof.hashes);
  return hashes !== null && (await isConsistent(earlier.size, later.size, earlier.root, later.root, hashes));
}

function headCompared(head: TreeHead): Compared[] {
  return [{ what: 'size', computed: String(head.size) }, { what: 'root', computed: toBase64(head.root) }];
}

async function signedHead(note: SignedNote, keys: LineKeys): Promise<TreeHead | null> {
  const key = await parseVerifierKey(keys.ledger);
  return key && (await verifyNote(note, [key])).ok ? parseTreeHead(note.text) : null;
}

// What JSON can say exactly.
function wholeNumber(value: number): bigint | null {
  return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : null;
}

/** No tree has a longer proof: what is longer is not even decoded. */
const kMaxProofHashes = 64;

function hashesOf(texts: readonly string[]): Bytes[] | null {
  if (texts.length > kMaxProofHashes) return null;
  const hashes = texts.map(fromBase64);
  return hashes.every((hash) => hash?.length === kHashBytes) ? (hashes as Bytes[]) : null;
}

// A ledger entry and the event in it, as the record of the API words them (docs/formats/ledger.md, event.md).
import { hex, type Bytes } from './bytes';
import { declaredIn, declaredOf } from './declared';
import { Message } from './protobuf';

/** What an entry says, by the names that the API's record has for it. Absent: the entry does not say it. */
export type Said = ReadonlyMap<SaidOf, string>;

export const saidOf = [
  'kind', 'agent', 'journal_index', 'officer', 'occurred_at', 'recorded_at', 'received_at', 'subject', 'status_after', 'previous',
  'direction', 'outcome', 'category', 'age_years', 'sex', 'document_kind', 'document_issuer', 'edition', 'companions', 'post_verdict',
  'post_articles', 'local_verdict', 'server_verdict', 'server_articles', 'decided_offline', 'document_repaired', 'conflict', 'list',
  'removed', 'party', 'role', 'purpose', 'case_number', 'corrects', 'status', 'permit', 'withdrawn', 'valid_from', 'valid_until', 'article', 'step', 'reason',
  'checkpoint', 'side', ...declaredOf,
] as const;
export type SaidOf = (typeof saidOf)[number];

export interface Entry {
  /** The agent's own bytes. */
  event: Bytes;
  agent: string;
  journalIndex: bigint;
  said: Said;
}

const kDirections = ['', 'exit', 'entry', 'a_to_b', 'b_to_a'];
const kVerdicts = ['', 'allow', 'refer', 'refuse'];
const kOutcomes = ['', 'passed', 'referred', 'refused', 'turned_back', 'abandoned'];
const kSexes = ['unspecified', 'female', 'male'];
const kNoticeSteps = ['', 'given', 'objected', 'approved', 'rejected', 'withdrawn'];
const kStatuses = ['unknown', 'side_a', 'side_b', 'between', 'disputed'];

/** Null when the bytes are no entry with an event of its agent. */
export function readEntry(bytes: Bytes): Entry | null {
  const entry = Message.read(bytes);
  const event = entry && Message.read(entry.bytes(1));
  if (!entry || !event || event.unsigned(1) !== 1n || event.text(2) !== entry.text(2)) return null;
  return { event: entry.bytes(1), agent: event.text(2), journalIndex: event.unsigned(3), said: saidBy(entry, event) };
}

function saidBy(entry: Message, event: Message): Said {
  const said = new Map<SaidOf, string>([
    ['agent', event.text(2)],
    ['journal_index', String(event.unsigned(3))],
    ['officer', event.text(8)],
    ['recorded_at', instantOf(event.signed(4))],
    ['received_at', instantOf(entry.signed(3))],
    ['occurred_at', instantOf(entry.signed(11))],
    ['status_after', nameOf(kStatuses, entry.message(7)?.unsigned(1) ?? 0n)],
    ['previous', entry.has(8) ? String(entry.unsigned(8)) : 'none'],
  ]);
  for (const [field, read] of bodies) {
    const body = event.message(field);
    if (body) for (const [name, value] of read(body, entry)) said.set(name, value);
  }
  return said;
}

type Read = (body: Message, entry: Message) => [SaidOf, string][];

/** By the field of the event that holds the body. */
const bodies: [number, Read][] = [
  [9, movement],
  [10, (body) => [['kind', 'correction'], ['corrects', String(body.unsigned(1))], ['subject', hex(body.bytes(2))], ['reason', body.text(3)]]],
  [17, (body) => [['kind', 'list_change'], ['list', body.text(1)], ['subject', hex(body.bytes(2))], ['removed', String(body.boolean(3))], ['party', body.text(4)], ['reason', body.text(5)]]],
  [20, (body) => [['kind', 'lookup'], ['subject', hex(body.bytes(1))], ['purpose', body.text(2)], ['case_number', body.text(3)], ['role', body.text(4)], ['party', body.text(5)]]],
  [21, (body) => [['kind', 'resolution'], ['subject', hex(body.bytes(1))], ['status', body.text(2)], ['party', body.text(3)], ['reason', body.text(4)]]],
  [23, (body) => [['kind', 'permit_change'], ['permit', body.text(1)], ['subject', hex(body.bytes(2))], ['withdrawn', String(body.boolean(3))], ['valid_from', instantOf(body.signed(4))], ['valid_until', instantOf(body.signed(5))], ['party', body.text(6)], ['reason', body.text(7)]]],
  [24, (body) => [['kind', 'override'], ['subject', hex(body.bytes(1))], ['article', body.text(2)], ['role', body.text(3)], ['reason', body.text(4)]]],
  [26, (body) => [['kind', 'notice'], ['subject', hex(body.bytes(1))], ['step', nameOf(kNoticeSteps, body.unsigned(2))], ['party', body.text(3)], ['reason', body.text(4)]]],
];

function movement(body: Message, entry: Message): [SaidOf, string][] {
  const local = body.unsigned(17);
  return [
    ['kind', 'movement'],
    ['subject', hex(body.bytes(1))],
    ['direction', nameOf(kDirections, body.unsigned(2))],
    ['outcome', nameOf(kOutcomes, body.unsigned(3))],
    ['category', body.text(4)],
    ['sex', nameOf(kSexes, body.unsigned(5))],
    ['age_years', body.has(6) ? String(body.unsigned(6)) : 'none'],
    ['document_kind', body.text(7)],
    ['document_issuer', body.text(8)],
    ['companions', String(body.count(10))],
    ['post_verdict', nameOf(kVerdicts, body.unsigned(12))],
    ['post_articles', body.texts(13).join(', ')],
    ['decided_offline', String(body.boolean(14))],
    ['edition', String(body.unsigned(15))],
    ['local_verdict', local === 0n ? 'none' : nameOf(kVerdicts, local)],
    ['document_repaired', String(body.boolean(18))],
    ['server_verdict', nameOf(kVerdicts, entry.unsigned(4))],
    ['server_articles', entry.texts(5).join(', ')],
    ['conflict', String(entry.boolean(10))],
    ...declaredIn(body),
  ];
}

function nameOf(names: readonly string[], value: bigint): string {
  return names[Number(value)] ?? `${value}`;
}

/** As the API writes instants. */
function instantOf(ms: bigint): string {
  const date = new Date(Number(ms));
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}

// An agent's journal kept and signed by the test itself, as docs/formats/journal.md and tree-head.md say: a second
// implementation, so that what the server takes and refuses is held against the description and not against its own code.
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from './protobuf.mjs';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const leaf = (entry) => sha256(Buffer.of(0), entry);
const node = (left, right) => sha256(Buffer.of(1), left, right);

// The root over `entries` by the recursive definition of RFC 6962.
export function root(entries) {
  if (entries.length === 0) return sha256();
  if (entries.length === 1) return leaf(entries[0]);
  let half = 1;
  while (half * 2 < entries.length) half *= 2;
  return node(root(entries.slice(0, half)), root(entries.slice(half)));
}

export const DIRECTION = { exit: 1, entry: 2 };

export class Journal {
  // `folder`: what `crossline pki enrol` made for the agent
  constructor(line, agent, folder) {
    this.origin = `${line}/journal/${agent}`;
    this.agent = agent;
    this.key = createPrivateKey(readFileSync(join(folder, 'journal.key')));
    this.events = [];
  }
  get size() { return this.events.length; }

  // A movement of an invented person: everything that an event must have, and nothing else.
  movement(person, { direction = 'exit', index = this.size, agent = this.agent, schema = 1, extra = [], atMs = Date.now() } = {}) {
    const subject = Buffer.alloc(16);
    subject.writeUInt32BE(person);
    return encode([[1, schema], [2, agent], [3, index], [4, atMs], [5, 1], [6, { fixed64: 7 }], [8, 'officer-7'],
      [9, [[1, subject], [2, DIRECTION[direction]], [3, 1], [4, 'resident_a'], [5, 1], [6, 34], [7, 'passport'], [8, 'XAA'], [9, 1800], [12, 1], [13, '1(1)'], [15, 1]]], ...extra]);
  }
  append(event) { this.events.push(event); return this; }
  record(person, options) { return this.append(this.movement(person, options)); }
  // A journal that goes its own way after `size` events, under the same key.
  branch(size) {
    const other = Object.create(Journal.prototype, Object.getOwnPropertyDescriptors(this));
    other.events = this.events.slice(0, size);
    return other;
  }

  signature(size = this.size) {
    const text = `${this.origin}\n${size}\n${root(this.events.slice(0, size)).toString('base64')}\n`;
    return sign(null, Buffer.from(text), this.key);
  }
  head(size = this.size) { return [[1, size], [2, root(this.events.slice(0, size))], [3, this.signature(size)]]; }

  hello({ protocol = 1, agent = this.agent, size = this.size } = {}) {
    return encode([[1, [[1, protocol], [2, agent], ...(size > 0 ? [[3, this.head(size)]] : []), [4, (1n << 64n) - 1n]]]]);
  }
  submit(first = 0, { end = this.size, signature = this.signature(end) } = {}) {
    return encode([[2, [[1, first], ...this.events.slice(first, end).map((event) => [2, event]), [4, signature]]]]);
  }
}

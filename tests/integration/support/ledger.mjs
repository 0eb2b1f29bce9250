// The server's ledger read with other means than the server's: Debian's sqlite3, and docs/formats/ledger.md.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { execute } from './programs.mjs';
import { decode } from './protobuf.mjs';

export async function query(file, sql) {
  const { code, stdout, stderr } = await execute('sqlite3', ['-readonly', '-cmd', '.timeout 5000', '-separator', '|', file, sql]);
  if (code !== 0) throw new Error(`sqlite3 ${sql}: ${stderr}`);
  return stdout.split('\n').filter(Boolean).map((row) => row.split('|'));
}

// Every entry in order: { index, agent, journalIndex, bytes of the event, movement }.
export async function entries(file) {
  const all = [];
  for (const [, hex] of await query(file, 'SELECT first, hex(entries) FROM bundle ORDER BY first')) {
    const bundle = Buffer.from(hex, 'hex');
    for (let at = 0; at < bundle.length;) {
      const length = bundle.readUInt16BE(at);
      const event = decode(bundle.subarray(at + 2, at + 2 + length)).get(1)[0];
      const fields = decode(event);
      const movement = fields.has(9) ? decode(fields.get(9)[0]) : null;
      all.push({ index: all.length, agent: String(fields.get(2)[0]), journalIndex: Number(fields.get(3)?.[0] ?? 0n), event,
        movement: movement && { subject: movement.get(1)[0].toString('hex'), outcome: Number(movement.get(3)?.[0] ?? 0n), offline: (movement.get(14)?.[0] ?? 0n) === 1n } });
      at += 2 + length;
    }
  }
  return all;
}

// Nothing twice, nothing left out: the journal indices of each agent are 0, 1, 2, ... in the order of the ledger.
export function sizesOfJournals(all) {
  const sizes = new Map();
  for (const { agent, journalIndex, index } of all) {
    const expected = sizes.get(agent) ?? 0;
    if (journalIndex !== expected) throw new Error(`ledger entry ${index}: journal index ${journalIndex} of ${agent} where ${expected} was due`);
    sizes.set(agent, expected + 1);
  }
  return sizes;
}

// Each journal index of `agent` that a desk was shown as done is a passage in the ledger; gives the agent's entries.
export function passagesShown(all, agent, shown) {
  const own = all.filter((one) => one.agent === agent);
  for (const index of shown) {
    if (own[index]?.movement?.outcome !== 1) throw new Error(`journal index ${index} of ${agent} was shown as passed, the ledger has ${JSON.stringify(own[index]?.movement)}`);
  }
  return own;
}

// The pseudonym of a passport (docs/formats/identity.md).
export function subjectOf(lineKeyFile, issuer, number) {
  const key = Buffer.from(readFileSync(lineKeyFile, 'utf8').trim(), 'hex');
  return createHmac('sha256', key).update(`${issuer}|P|${number}`).digest().subarray(0, 16).toString('hex');
}

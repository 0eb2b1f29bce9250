// Signed notes and the keys that sign them (docs/formats/notes.md; C2SP signed-note and tlog-cosignature).
import { concat, equal, fromBase64, hex, u64BigEndian, utf8, type Bytes } from './bytes';
import { verifyEd25519 } from './ed25519';
import { sha256 } from './hashing';

export const kEd25519 = 1;
export const kCosignature = 4;

const kMaxBytes = 1 << 20;
const kMaxSignatures = 100;
const kMaxTimeS = 1n << 40n;

export interface VerifierKey {
  name: string;
  /** Eight hexadecimal digits: tells keys apart, and vouches for nothing. */
  id: string;
  type: typeof kEd25519 | typeof kCosignature;
  key: Bytes;
}

export interface NoteSignature {
  name: string;
  id: string;
  signature: Bytes;
}

export interface SignedNote {
  /** With its last line feed. */
  text: string;
  signatures: NoteSignature[];
}

export interface Voucher {
  key: VerifierKey;
  /** When a cosigner signed, seconds since 1970; null for the log itself. */
  timeS: number | null;
}

export type NoteFinding =
  | { ok: true; vouchers: Voucher[] }
  /** `by`: the key whose signature does not verify; null when no known key signed at all. */
  | { ok: false; by: VerifierKey | null };

/** `name+<id>+<base64 of type and key>`; null when it is not exactly that. */
export async function parseVerifierKey(text: string): Promise<VerifierKey | null> {
  const [name, id, encoded, ...rest] = splitKey(text);
  if (!name || !id || !encoded || rest.length > 0 || !isKeyName(name)) return null;
  const blob = fromBase64(encoded);
  const type = blob?.[0];
  if (!blob || blob.length !== 33 || (type !== kEd25519 && type !== kCosignature)) return null;
  const expected = (await sha256(concat(utf8(`${name}\n`), blob))).slice(0, 4);
  return hex(expected) === id ? { name, id, type, key: blob.slice(1) } : null;
}

// Base64 has plus signs of its own: only the first two separate.
function splitKey(text: string): string[] {
  const first = text.indexOf('+');
  const second = text.indexOf('+', first + 1);
  return first < 0 || second < 0 ? [] : [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)];
}

/** Null when the text is no signed note. */
export function parseNote(note: string): SignedNote | null {
  if (note.length > kMaxBytes || /[\u0000-\u0009\u000b-\u001f\ufffd]/.test(note)) return null;
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) return null;
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > kMaxSignatures) return null;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const [, name, encoded] = /^\u2014 (\S+) (\S+)$/u.exec(line) ?? [];
    const blob = encoded === undefined ? null : fromBase64(encoded);
    if (!name || !isKeyName(name) || !blob || blob.length < 5) return null;
    signatures.push({ name, id: hex(blob.slice(0, 4)), signature: blob.slice(4) });
  }
  return { text: note.slice(0, split + 1), signatures };
}

/**
 * Who of `known` vouches for the note. A line of an unknown key is passed over, a second one of the same key counts as
 * none, and one of a known key that does not verify rejects the whole note.
 */
export async function verifyNote(note: SignedNote, known: readonly VerifierKey[]): Promise<NoteFinding> {
  const vouchers: Voucher[] = [];
  for (const line of note.signatures) {
    const key = known.find((one) => one.name === line.name && one.id === line.id);
    if (!key || vouchers.some((one) => equal(one.key.key, key.key))) continue;
    const voucher = await verifyLine(note.text, line, key);
    if (!voucher) return { ok: false, by: key };
    vouchers.push(voucher);
  }
  return vouchers.length > 0 ? { ok: true, vouchers } : { ok: false, by: null };
}

async function verifyLine(text: string, line: NoteSignature, key: VerifierKey): Promise<Voucher | null> {
  if (key.type === kEd25519) return (await verifyEd25519(key.key, utf8(text), line.signature)) ? { key, timeS: null } : null;
  if (line.signature.length !== 72) return null;
  const timeS = new DataView(line.signature.buffer, line.signature.byteOffset).getBigUint64(0);
  if (timeS >= kMaxTimeS || !equal(u64BigEndian(timeS), line.signature.slice(0, 8))) return null;
  const message = utf8(`cosignature/v1\ntime ${timeS}\n${text}`);
  return (await verifyEd25519(key.key, message, line.signature.slice(8))) ? { key, timeS: Number(timeS) } : null;
}

function isKeyName(name: string): boolean {
  return name !== '' && !/[\s+\u0000-\u001f]/u.test(name);
}

// Just enough of protobuf's wire format to read what the ledger holds: varints, fixed 64 bits, and length-delimited
// fields. What a record says is read here from the very bytes that were hashed.
import { textOfUtf8, type Bytes } from './bytes';

type Value = bigint | Bytes;

/** The fields of one message by number, each with its values in order. Its readers return what protobuf's defaults are. */
export class Message {
  private constructor(private readonly fields: ReadonlyMap<number, readonly Value[]>) {}

  /** Null when the bytes are no message of those wire types. */
  static read(bytes: Bytes): Message | null {
    const fields = new Map<number, Value[]>();
    const cursor = { at: 0 };
    while (cursor.at < bytes.length) {
      const tag = readVarint(bytes, cursor);
      if (tag === null || tag >> 3n < 1n || tag >> 3n > 536_870_911n) return null;
      const value = readValue(bytes, cursor, Number(tag & 7n));
      if (value === null) return null;
      const number = Number(tag >> 3n);
      fields.set(number, [...(fields.get(number) ?? []), value]);
    }
    return new Message(fields);
  }

  has(field: number): boolean {
    return this.fields.has(field);
  }

  unsigned(field: number): bigint {
    const value = this.last(field);
    return typeof value === 'bigint' ? value : 0n;
  }

  signed(field: number): bigint {
    return BigInt.asIntN(64, this.unsigned(field));
  }

  /** A `sint64`. */
  zigzag(field: number): bigint {
    const value = this.unsigned(field);
    return (value >> 1n) ^ -(value & 1n);
  }

  boolean(field: number): boolean {
    return this.unsigned(field) !== 0n;
  }

  bytes(field: number): Bytes {
    const value = this.last(field);
    return typeof value === 'bigint' || value === undefined ? new Uint8Array() : value;
  }

  text(field: number): string {
    return textOfUtf8(this.bytes(field)) ?? '';
  }

  texts(field: number): string[] {
    return this.all(field).map((value) => (typeof value === 'bigint' ? '' : (textOfUtf8(value) ?? '')));
  }

  count(field: number): number {
    return this.all(field).length;
  }

  message(field: number): Message | null {
    const value = this.last(field);
    return value === undefined || typeof value === 'bigint' ? null : Message.read(value);
  }

  /** Every value that is a message. */
  messages(field: number): Message[] {
    return this.all(field).flatMap((value) => (typeof value === 'bigint' ? [] : (Message.read(value) ?? [])));
  }

  private all(field: number): readonly Value[] {
    return this.fields.get(field) ?? [];
  }

  private last(field: number): Value | undefined {
    return this.all(field).at(-1);
  }
}

function readValue(bytes: Bytes, cursor: { at: number }, wireType: number): Value | null {
  if (wireType === 0) return readVarint(bytes, cursor);
  if (wireType === 1) {
    if (cursor.at + 8 > bytes.length) return null;
    const value = new DataView(bytes.buffer, bytes.byteOffset + cursor.at).getBigUint64(0, true);
    cursor.at += 8;
    return value;
  }
  if (wireType !== 2) return null;
  const size = readVarint(bytes, cursor);
  if (size === null || size > BigInt(bytes.length - cursor.at)) return null;
  const value = bytes.slice(cursor.at, cursor.at + Number(size));
  cursor.at += Number(size);
  return value;
}

function readVarint(bytes: Bytes, cursor: { at: number }): bigint | null {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) return null;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value < 1n << 64n ? value : null;
  }
  return null;
}

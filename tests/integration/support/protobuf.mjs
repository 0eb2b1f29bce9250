// As much of the protobuf wire form as it takes to write frames by hand, the wrong ones too, and to read answers.
// A message is a list of fields: [number, value]; a BigInt or number is a varint, a string or Buffer is length-delimited, a nested
// list is a message, and { fixed64 } is one.

function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 0x80n) { bytes.push(Number(rest & 0x7fn) | 0x80); rest >>= 7n; }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

export function encode(fields) {
  return Buffer.concat(fields.flatMap(([number, value]) => {
    const key = (type) => varint((BigInt(number) << 3n) | BigInt(type));
    if (typeof value === 'number' || typeof value === 'bigint') return [key(0), varint(value)];
    if (value?.fixed64 !== undefined) { const eight = Buffer.alloc(8); eight.writeBigUInt64LE(BigInt(value.fixed64)); return [key(1), eight]; }
    const bytes = Array.isArray(value) ? encode(value) : Buffer.from(value);
    return [key(2), varint(bytes.length), bytes];
  }));
}

// Field number -> list of values in order: BigInt for numbers, Buffer for everything length-delimited.
export function decode(bytes) {
  const fields = new Map();
  let at = 0;
  const read = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (at >= bytes.length) throw new Error('truncated varint');
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const key = read();
    const number = Number(key >> 3n);
    const type = Number(key & 7n);
    let value;
    if (type === 0) value = read();
    else if (type === 1) { value = bytes.readBigUInt64LE(at); at += 8; }
    else if (type === 2) { const length = Number(read()); value = bytes.subarray(at, at + length); at += length; }
    else throw new Error(`wire type ${type}`);
    if (!fields.has(number)) fields.set(number, []);
    fields.get(number).push(value);
  }
  return fields;
}

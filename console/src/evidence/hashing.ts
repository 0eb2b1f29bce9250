// SHA-256 and the hashes of the Merkle trees, made by the browser itself (docs/formats/merkle.md).
import { concat, type Bytes } from './bytes';

export const kHashBytes = 32;

const kLeaf = Uint8Array.of(0);
const kNode = Uint8Array.of(1);

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

export function leafHash(entry: Bytes): Promise<Bytes> {
  return sha256(concat(kLeaf, entry));
}

export function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(concat(kNode, left, right));
}

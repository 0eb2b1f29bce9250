// Inclusion and consistency proofs (RFC 9162 sections 2.1.3.2 and 2.1.4.2). Positions are bigints: a shift of a number
// would lose what is above 32 bits.
import { equal, type Bytes } from './bytes';
import { kHashBytes, nodeHash } from './hashing';

/** The root that leaf `index` of a tree of `size` leaves leads to; null when the proof has not exactly the right length. */
export async function rootFromInclusion(index: bigint, size: bigint, leaf: Bytes, proof: readonly Bytes[]): Promise<Bytes | null> {
  if (index < 0n || index >= size || leaf.length !== kHashBytes) return null;
  let node = index;
  let last = size - 1n;
  let root = leaf;
  for (const sibling of proof) {
    if (last === 0n) return null;
    if (node % 2n === 1n || node === last) {
      root = await nodeHash(sibling, root);
      while (node % 2n === 0n && node !== 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else {
      root = await nodeHash(root, sibling);
    }
    node >>= 1n;
    last >>= 1n;
  }
  return last === 0n ? root : null;
}

/** Whether the tree of `newSize` leaves begins with all of the tree of `oldSize`. Nothing can be proven about an empty one. */
export async function isConsistent(oldSize: bigint, newSize: bigint, oldRoot: Bytes, newRoot: Bytes, proof: readonly Bytes[]): Promise<boolean> {
  if (oldSize <= 0n || oldSize > newSize) return false;
  if (oldSize === newSize) return proof.length === 0 && equal(oldRoot, newRoot);
  const hashes = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : [...proof];
  const first = hashes.shift();
  if (!first || proof.length === 0) return false;
  let node = oldSize - 1n;
  let last = newSize - 1n;
  while (node % 2n === 1n) {
    node >>= 1n;
    last >>= 1n;
  }
  let fromOld = first;
  let fromNew = first;
  for (const hash of hashes) {
    if (last === 0n) return false;
    if (node % 2n === 1n || node === last) {
      fromOld = await nodeHash(hash, fromOld);
      fromNew = await nodeHash(hash, fromNew);
      while (node % 2n === 0n && node !== 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else {
      fromNew = await nodeHash(fromNew, hash);
    }
    node >>= 1n;
    last >>= 1n;
  }
  return last === 0n && equal(fromOld, oldRoot) && equal(fromNew, newRoot);
}

function isPowerOfTwo(n: bigint): boolean {
  return (n & (n - 1n)) === 0n;
}

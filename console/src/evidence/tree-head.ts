// The text that a log signs: its name, how many entries, and the root over them (docs/formats/tree-head.md).
import { fromBase64, toBase64, type Bytes } from './bytes';
import { kHashBytes } from './hashing';

export interface TreeHead {
  origin: string;
  size: bigint;
  root: Bytes;
}

/** What readers of tlog-checkpoint take. */
const kMaxSize = (1n << 63n) - 1n;

export function treeHeadText(head: TreeHead): string {
  return `${head.origin}\n${head.size}\n${toBase64(head.root)}\n`;
}

/** Null when the text is no tree head. Further lines are passed over, empty ones are not. */
export function parseTreeHead(text: string): TreeHead | null {
  if (!text.endsWith('\n')) return null;
  const [origin, size, root, ...further] = text.slice(0, -1).split('\n');
  if (!origin || size === undefined || root === undefined || further.includes('')) return null;
  if (!/^(0|[1-9][0-9]{0,18})$/.test(size)) return null;
  const bytes = BigInt(size) <= kMaxSize ? fromBase64(root) : null;
  return bytes?.length === kHashBytes ? { origin, size: BigInt(size), root: bytes } : null;
}

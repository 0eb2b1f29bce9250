// Whose cosignatures settle a head (docs/formats/proof.md; C2SP tlog-policy).
import { equal } from './bytes';
import { kCosignature, kEd25519, parseVerifierKey, type VerifierKey, type Voucher } from './note';

interface Node {
  name: string;
  witness: VerifierKey | null;
  threshold: number;
  members: Node[];
}

export interface Policy {
  logs: VerifierKey[];
  witnesses: VerifierKey[];
  /** Null: a head is settled with the log's own signature. */
  quorum: Node | null;
}

/** Null when the text is no policy. */
export async function parsePolicy(text: string): Promise<Policy | null> {
  const policy: Policy = { logs: [], witnesses: [], quorum: null };
  const nodes = new Map<string, Node>();
  const grouped = new Set<Node>();
  let quorums = 0;
  if (!text.endsWith('\n')) return null;
  for (const line of text.slice(0, -1).split('\n')) {
    const [keyword, name, third, ...rest] = line.split(/[ \t]+/).filter((item) => item !== '');
    if (keyword === undefined || keyword.startsWith('#')) continue;
    if (name === undefined) return null;
    if (keyword === 'log') {
      const key = await parseVerifierKey(name);
      if (key?.type !== kEd25519) return null;
      policy.logs.push(key);
    } else if (keyword === 'witness') {
      const key = third === undefined ? null : await parseVerifierKey(third);
      if (key?.type !== kCosignature || nodes.has(name) || policy.witnesses.some((one) => equal(one.key, key.key))) return null;
      policy.witnesses.push(key);
      nodes.set(name, { name, witness: key, threshold: 1, members: [] });
    } else if (keyword === 'group') {
      const members = rest.map((member) => nodes.get(member)).filter((node) => node !== undefined);
      const threshold = third === 'all' ? rest.length : third === 'any' ? 1 : /^[1-9][0-9]{0,2}$/.test(third ?? '') ? Number(third) : 0;
      const taken = members.some((member) => grouped.has(member)) || new Set(members).size !== members.length;
      if (nodes.has(name) || taken || members.length !== rest.length || threshold < 1 || threshold > rest.length) return null;
      for (const member of members) grouped.add(member);
      nodes.set(name, { name, witness: null, threshold, members });
    } else if (keyword === 'quorum') {
      quorums += 1;
      policy.quorum = name === 'none' ? null : (nodes.get(name) ?? null);
      if (name !== 'none' && !policy.quorum) return null;
    } else {
      return null;
    }
  }
  return quorums === 1 ? policy : null;
}

export function isQuorumMet(policy: Policy, vouchers: readonly Voucher[]): boolean {
  const met = (node: Node): boolean => {
    const witness = node.witness;
    if (witness) return vouchers.some((voucher) => voucher.key.type === kCosignature && equal(voucher.key.key, witness.key));
    return node.members.filter(met).length >= node.threshold;
  };
  return policy.quorum === null || met(policy.quorum);
}

// What this browser keeps from one verification to the next: the keys it first used, and the newest head it has seen.
// Neither tells anything about a person.
import type { LineKeys } from '../api/server';
import { fromBase64, toBase64 } from './bytes';
import { kHashBytes } from './hashing';
import type { TreeHead } from './tree-head';

export interface KeptKeys {
  ledger: string;
  office: string;
  policy: string | null;
  /** By agent. */
  agents: Record<string, string>;
  /** Where each agent stands, as postOf says it. Absent in what an earlier version kept. */
  posts?: Record<string, string>;
  /** When this browser first used them, an instant of the API. */
  since: string;
}

/** Where an agent is enrolled, in one text. */
export function postOf({ checkpoint, side }: LineKeys['agents'][number]): string {
  return `${checkpoint}, ${side}`;
}

/** Where it is kept: the browser's own storage, a map in tests. */
export interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const kLinePlace = 'crossline.evidence.line';

export class Memory {
  constructor(private readonly store: Store, private readonly line: string) {}

  keys(): KeptKeys | null {
    return this.read<KeptKeys>('keys');
  }

  /**
   * The line that this browser has verified here, null when it never did. One server has one line: if it says another name, everything
   * that was kept would be set aside, and other keys would pass for those of a first time.
   */
  lineBefore(): string | null {
    const kept = this.store.getItem(kLinePlace);
    return kept ?? (this.keys() ? this.line : null);
  }

  /**
   * Keeps everything the first time, and later what there was nothing of about `agent`, the one that was shown to a person; what is kept
   * stays, whatever is given.
   */
  keepKeys(keys: LineKeys, now: string, agent: string | null = null): void {
    const kept = this.keys();
    const added = kept ? keys.agents.filter((one) => one.agent === agent) : keys.agents;
    const { agents, posts, ...line }: KeptKeys = kept ?? { ledger: keys.ledger, office: keys.office, policy: keys.policy, agents: {}, since: now };
    const given = Object.fromEntries(added.map((one) => [one.agent, one.key]));
    const places = Object.fromEntries(added.map((one) => [one.agent, postOf(one)]));
    this.write('keys', { ...line, agents: { ...given, ...agents }, posts: { ...places, ...posts } });
    this.store.setItem(kLinePlace, this.line);
  }

  /** Takes changed keys for the right ones, from now on: the line's, and those of `agent`, as they were shown. What nobody looked at stays. */
  replaceKeys(keys: LineKeys, now: string, agent: string | null): void {
    const kept = this.keys();
    if (!kept) return this.keepKeys(keys, now, agent);
    const enrolled = keys.agents.find((one) => one.agent === agent);
    this.write('keys', {
      ...kept,
      ledger: keys.ledger,
      policy: keys.policy,
      office: agent === 'office' ? keys.office : kept.office,
      agents: enrolled ? { ...kept.agents, [enrolled.agent]: enrolled.key } : kept.agents,
      posts: enrolled ? { ...kept.posts, [enrolled.agent]: postOf(enrolled) } : (kept.posts ?? {}),
      since: now,
    });
    this.store.setItem(kLinePlace, this.line);
  }

  head(): TreeHead | null {
    const kept = this.read<{ origin: string; size: string; root: string }>('head');
    const root = kept && fromBase64(kept.root);
    return kept && root?.length === kHashBytes && /^[0-9]{1,19}$/.test(kept.size) ? { origin: kept.origin, size: BigInt(kept.size), root } : null;
  }

  keepHead(head: TreeHead): void {
    this.write('head', { origin: head.origin, size: String(head.size), root: toBase64(head.root) });
  }

  private read<T>(what: string): T | null {
    try {
      return JSON.parse(this.store.getItem(this.place(what)) ?? 'null') as T | null;
    } catch {
      return null;
    }
  }

  private write(what: string, value: unknown): void {
    this.store.setItem(this.place(what), JSON.stringify(value));
  }

  private place(what: string): string {
    return `crossline.evidence.${this.line}.${what}`;
  }
}

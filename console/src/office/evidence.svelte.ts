// One walk along a chain of evidence, as a page shows it: the steps done so far, and how it ended.
import { ApiProblem, asProblem } from '../api/request';
import type { ServerApi } from '../api/server';
import { Memory } from '../evidence/memory';
import type { Source, Step } from '../evidence/verify';
import { patiently, type Patience } from './patience';

/** A long journal is hashed over several requests. */
const kHashing: Patience = { code: 'unavailable', maxTries: 60, everyMs: 1_000 };

export function sourceOf(api: ServerApi): Source {
  return {
    keys: api.ledgerKeys,
    entryProof: api.entryProof,
    journalProof: (index) => patiently(() => api.journalProof(index), kHashing),
    consistency: (from, to) => nullWhenNotFound(() => api.consistency(from, to)),
  };
}

export function memoryOf(line: string): Memory {
  return new Memory(localStorage, line);
}

export class Walk {
  steps = $state.raw<Step[]>([]);
  working = $state(false);
  problem = $state.raw<ApiProblem | null>(null);
  /** Every step was reached. */
  complete = $state(false);
  private latest = 0;

  /** Shows the steps that `start` begins as they are done; a walk that a later one overtook shows nothing more. */
  async run(start: () => AsyncGenerator<Step>): Promise<void> {
    this.steps = [];
    this.complete = false;
    await this.follow(start, (steps) => (this.steps = steps));
  }

  /** The same, but what the last walk found stays until this one has ended: for what is checked again and again. */
  async refresh(start: () => AsyncGenerator<Step>): Promise<void> {
    let found: Step[] = [];
    await this.follow(start, (steps) => (found = steps));
    this.steps = found;
  }

  private async follow(start: () => AsyncGenerator<Step>, show: (steps: Step[]) => void): Promise<void> {
    const mine = ++this.latest;
    this.problem = null;
    this.working = true;
    const steps: Step[] = [];
    try {
      for await (const step of start()) {
        if (mine !== this.latest) return;
        steps.push(step);
        show([...steps]);
      }
      this.complete = steps.every((step) => step.state !== 'failed');
    } catch (error) {
      if (mine === this.latest) this.problem = asProblem(error);
    } finally {
      if (mine === this.latest) this.working = false;
    }
  }

  get failed(): boolean {
    return this.steps.some((step) => step.state === 'failed');
  }

  get hasOpen(): boolean {
    return this.steps.some((step) => step.state === 'open');
  }
}

async function nullWhenNotFound<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (asProblem(error).code === 'not_found') return null;
    throw error;
  }
}

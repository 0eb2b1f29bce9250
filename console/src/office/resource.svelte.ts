// One answer of the server on a page: loading, there, or failed. What was there stays on the screen while it is asked for
// again, with the time it is from.
import { asProblem, type ApiProblem } from '../api/request';

export class Resource<T> {
  value = $state.raw<T | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  loading = $state(false);
  /** When `value` came, by this machine's clock, as an instant of the API. */
  answeredAt = $state.raw<string | null>(null);
  private latest = 0;

  constructor(private readonly fetch: () => Promise<T>) {}

  /** Asks again; an answer that a later question overtook is dropped. */
  async load(): Promise<void> {
    const mine = ++this.latest;
    this.loading = true;
    try {
      const value = await this.fetch();
      if (mine !== this.latest) return;
      this.value = value;
      this.answeredAt = new Date().toISOString();
      this.problem = null;
    } catch (error) {
      if (mine === this.latest) this.problem = asProblem(error);
    } finally {
      if (mine === this.latest) this.loading = false;
    }
  }
}

/** Calls `load` now and every `everyMs` while `active` says so; returns what stops it. */
export function repeating(load: () => Promise<void>, everyMs: number, active: () => boolean): () => void {
  void load();
  const timer = setInterval(() => {
    if (active() && document.visibilityState === 'visible') void load();
  }, everyMs);
  return () => clearInterval(timer);
}

// Asking again while a server that is busy with long work says so.
import { asProblem } from '../api/request';

export interface Patience {
  /** The code of the answer that means "later". */
  code: string;
  maxTries: number;
  everyMs: number;
}

/** What `ask` resolves with at last; throws what it throws when that is another problem, the last try's, or not `wanted` any more. */
export async function patiently<T>(ask: () => Promise<T>, { code, maxTries, everyMs }: Patience, wanted: () => boolean = () => true): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (asProblem(error).code !== code || tries >= maxTries) throw error;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      if (!wanted()) throw error;
    }
  }
}

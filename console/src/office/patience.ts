// Asking again while a server that is busy with long work says so.
import { asProblem } from '../api/request';

export interface Patience {
  /** The code of the answer that means "later". */
  code: string;
  maxTries: number;
  everyMs: number;
}

/** What `ask` resolves with at last; throws what it throws when that is another problem, or the last try's. */
export async function patiently<T>(ask: () => Promise<T>, { code, maxTries, everyMs }: Patience): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (asProblem(error).code !== code || tries >= maxTries) throw error;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}

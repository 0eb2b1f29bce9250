// What people call the things that the edition in force declares: its own words for a category, a list or a permit.
import type { Procedure } from '../api/server';
import { textOf } from '../i18n/i18n.svelte';
import { readable } from '../i18n/words';

type Edition = NonNullable<Procedure['edition']>;
type Kind = 'categories' | 'lists' | 'permits';

export class EditionWords {
  private edition = $state.raw<Edition | null>(null);

  constructor(private readonly fetch: () => Promise<Procedure>) {}

  /** Asks again, since another edition may have begun; what was known stays when that fails, and the error is the caller's. */
  async load(): Promise<void> {
    this.edition = (await this.fetch()).edition;
  }

  /** The same where the page can do without: names then stand for themselves. */
  tryToLoad = () => this.load().catch(() => undefined);

  /** "Residents of side A"; a name for which the edition in force has no words, or which is another edition's, is read as it stands. */
  of(kind: Kind, name: string): string {
    const declared = this.edition?.[kind].find((one) => one.name === name);
    return (declared && textOf(declared.text)) || readable(name);
  }

  /** The names that it declares, in its order. */
  names(kind: Kind): string[] {
    return this.edition?.[kind].map((one) => one.name) ?? [];
  }
}

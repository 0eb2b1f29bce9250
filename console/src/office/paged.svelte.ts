// A listing that the server pages: forward by its cursors, and back the way one came.
import { Resource } from './resource.svelte';

export class Paged<T extends { next_cursor: string | null }> {
  /** Cursors of the pages up to this one; the first page has none. */
  private cursors = $state.raw<(string | undefined)[]>([undefined]);
  readonly resource: Resource<T>;

  constructor(fetch: (cursor: string | undefined) => Promise<T>) {
    this.resource = new Resource(() => fetch(this.cursors.at(-1)));
  }

  get page(): number {
    return this.cursors.length;
  }

  get hasNext(): boolean {
    return this.resource.value?.next_cursor != null;
  }

  first(): Promise<void> {
    this.cursors = [undefined];
    return this.resource.load();
  }

  /** Again after a page that did not come: the same page, not the one after it. */
  next(): Promise<void> {
    const cursor = this.resource.value?.next_cursor;
    if (cursor != null && cursor !== this.cursors.at(-1)) this.cursors = [...this.cursors, cursor];
    return this.resource.load();
  }

  previous(): Promise<void> {
    if (this.cursors.length > 1) this.cursors = this.cursors.slice(0, -1);
    return this.resource.load();
  }
}

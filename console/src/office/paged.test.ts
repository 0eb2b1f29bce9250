import { expect, test } from 'vitest';
import { Paged } from './paged.svelte';

/** Three pages, of which none comes while it fails. */
function listing() {
  const server = { fails: false, asked: [] as (string | undefined)[] };
  const paged = new Paged<{ name: string; next_cursor: string | null }>((cursor) => {
    server.asked.push(cursor);
    if (server.fails) return Promise.reject(new Error('gone'));
    return Promise.resolve({ name: cursor ?? 'a', next_cursor: cursor === undefined ? 'b' : cursor === 'b' ? 'c' : null });
  });
  return { server, paged };
}

test('goes forward by the cursors and back the way it came', async () => {
  const { server, paged } = listing();
  await paged.resource.load();
  await paged.next();
  await paged.next();
  expect([paged.page, paged.hasNext]).toEqual([3, false]);
  await paged.previous();
  await paged.first();
  expect(server.asked).toEqual([undefined, 'b', 'c', 'b', undefined]);
});

test('a page that did not come is asked for again, and none is counted twice', async () => {
  const { server, paged } = listing();
  await paged.resource.load();
  server.fails = true;
  await paged.next();
  await paged.next();
  server.fails = false;
  await paged.next();
  expect(server.asked).toEqual([undefined, 'b', 'b', 'b']);
  expect(paged.page).toBe(2);
  await paged.previous();
  expect([paged.page, paged.resource.value?.name]).toEqual([1, 'a']);
});

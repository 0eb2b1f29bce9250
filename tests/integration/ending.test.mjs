// SIGTERM at the worst moments: the programs end in order, with 0, and in time.
import assert from 'node:assert/strict';
import tls from 'node:tls';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Office } from '../../scripts/lib/clients.mjs';
import { atEnd, quietLine } from './support/programs.mjs';

const SIGN_INS = 200;  // more than are hashed while the server waits for its requests
const ROUNDS = 3;

test('the server is asked to end', async (t) => {
  const line = await quietLine(t);
  const { port } = new URL(line.server.url);

  await t.test('while many people sign in', async () => {
    for (let round = 0; round < ROUNDS; ++round) {
      await line.startServer();
      const offices = Array.from({ length: SIGN_INS }, () => new Office(line.server.url, line.server.ca));
      const answers = offices.map((office, i) => office.raw('POST', '/api/v1/session', { name: `nobody.${i}`, password: 'not the password' })
        .then(({ status }) => status, () => 'cut'));
      await Promise.race(answers);  // the first has been hashed, the others wait
      assert.equal(await line.stopServer(), 0);
      const all = await Promise.all(answers);
      for (const office of offices) office.close();
      assert.ok(all.every((status) => [401, 429, 503, 'cut'].includes(status)), `answers: ${[...new Set(all)]}`);
      assert.ok(all.includes(401));
    }
  });

  await t.test('while connections are idle, half open or in the middle of a request', async () => {
    await line.startServer();
    const sockets = await Promise.all(['', '', 'GET /readyz HTTP/1.1\r\nHo'].map((sent) => new Promise((done, failed) => {
      const socket = tls.connect({ port, host: '127.0.0.1', ca: line.server.ca }, () => { socket.write(sent); done(socket); });
      socket.on('error', failed);
    })));
    for (const socket of sockets) { socket.on('error', () => {}); atEnd(t, () => socket.destroy()); }
    await wait(50);
    assert.equal(await line.stopServer(), 0);
  });
});

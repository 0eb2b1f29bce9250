// A wire between agent and server that can be cut, held up and mended.
import net from 'node:net';

export class Proxy {
  #pairs = new Set();
  #state = 'open';

  // Listens on a free loopback port and carries to `port`.
  static async to(port) {
    const proxy = new Proxy();
    proxy.target = port;
    proxy.listener = net.createServer((near) => proxy.#carry(near));
    await new Promise((resolve) => proxy.listener.listen(0, '127.0.0.1', resolve));
    proxy.port = proxy.listener.address().port;
    return proxy;
  }
  #carry(near) {
    if (this.#state === 'cut') { near.resetAndDestroy(); return; }
    const far = net.connect(this.target, '127.0.0.1');
    const pair = { near, far };
    this.#pairs.add(pair);
    const end = () => { this.#pairs.delete(pair); near.destroy(); far.destroy(); };
    for (const socket of [near, far]) socket.on('error', end).on('close', end);
    near.pipe(far);
    far.pipe(near);
    if (this.#state === 'held') this.#hold(pair);
  }
  #hold({ near, far }) { near.unpipe(far).pause(); far.unpipe(near).pause(); }

  // Ends every connection and refuses new ones.
  cut() { this.#state = 'cut'; for (const { near, far } of this.#pairs) { near.resetAndDestroy(); far.resetAndDestroy(); } this.#pairs.clear(); }
  // Carries nothing, ends nothing: a cable that nobody has noticed is out.
  hold() { this.#state = 'held'; for (const pair of this.#pairs) this.#hold(pair); }
  mend() { this.#state = 'open'; for (const { near, far } of this.#pairs) { near.pipe(far); far.pipe(near); } }
  close() { this.cut(); this.listener.close(); }
}

// The agent's end of the link, byte by byte (docs/formats/link.md), for saying what a real agent never says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';
import { decode } from './protobuf.mjs';

const ANSWER_LIMIT_MS = 10_000;

export const FRAME = { welcome: 1, answer: 2, consult: 3, replica: 4, heartbeat: 5, error: 6 };

// A u32 big-endian length, then the bytes. `length` may lie.
export function frame(bytes, length = bytes.length) {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(length);
  return Buffer.concat([head, bytes]);
}

// The files of an enrolled agent as options of tls.connect().
export const credentials = (folder) => ({ cert: readFileSync(join(folder, 'agent.pem')), key: readFileSync(join(folder, 'agent.key')) });

const withinLimit = (promise, what, limitMs = ANSWER_LIMIT_MS) => new Promise((resolve, reject) => {
  const timer = setTimeout(() => reject(new Error(`no ${what} of the link in ${limitMs} ms`)), limitMs);
  promise.then((value) => { clearTimeout(timer); resolve(value); });
});

export class Peer {
  #buffer = Buffer.alloc(0);
  #waiting = [];
  #frames = [];
  #closing;

  // Resolves with a peer whose handshake is done on this side; the server's refusal of a certificate shows at the first read.
  static connect(line, options) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no handshake')), ANSWER_LIMIT_MS).unref();
      const socket = tls.connect({ host: '127.0.0.1', port: line.server.agentsPort, ca: line.server.ca, minVersion: 'TLSv1.3', ...options });
      socket.once('secureConnect', () => { clearTimeout(timer); resolve(new Peer(socket)); });
      socket.once('error', reject);
    });
  }

  constructor(socket) {
    this.socket = socket;
    this.error = null;
    socket.removeAllListeners('error');
    socket.on('error', (error) => { this.error = error; });
    socket.on('data', (bytes) => { this.#buffer = Buffer.concat([this.#buffer, bytes]); this.#cut(); });
    this.#closing = new Promise((resolve) => socket.on('close', () => { this.#deliver(null); resolve(this.error); }));
  }
  #cut() {
    while (this.#buffer.length >= 4 && this.#buffer.length >= 4 + this.#buffer.readUInt32BE()) {
      const end = 4 + this.#buffer.readUInt32BE();
      this.#deliver(this.#buffer.subarray(4, end));
      this.#buffer = this.#buffer.subarray(end);
    }
  }
  #deliver(bytes) {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(bytes); else this.#frames.push(bytes);
  }

  // Resolves with the error that the connection ended with, or null.
  get closed() { return withinLimit(this.#closing, 'end'); }

  write(bytes) { this.socket.write(bytes); }
  send(message) { this.write(frame(message)); }

  // The bytes of the next frame, or null when the connection has ended.
  next(limitMs = ANSWER_LIMIT_MS) {
    if (this.#frames.length > 0) return Promise.resolve(this.#frames.shift());
    return withinLimit(new Promise((resolve) => { this.#waiting.push(resolve); }), 'frame', limitMs);
  }
  // The bytes of the next frame with this body; others are passed over. Fails with what the server said when it ends.
  async expect(kind) {
    let said = '';
    for (;;) {
      const bytes = await this.next();
      if (bytes === null) throw new Error(`the link ended${said}${this.error ? ` (${this.error.message})` : ''}`);
      const fields = decode(bytes);
      if (fields.has(kind)) return { bytes, fields: decode(fields.get(kind)[0]) };
      if (fields.has(FRAME.error)) said = `: ${decode(fields.get(FRAME.error)[0]).get(2)}`;
    }
  }
  // The server's last words, { code, message }, and that the link ends behind them.
  async refusal() {
    const { fields } = await this.expect(FRAME.error);
    await this.closed;
    return { code: String(fields.get(1)), message: String(fields.get(2)) };
  }
  async greet(journal, options) {
    this.send(journal.hello(options));
    const { fields } = await this.expect(FRAME.welcome);
    return { next: Number(fields.get(2)?.[0] ?? 0n) };
  }
  close() { this.socket.destroy(); return this.closed; }
}

// Starting, watching and ending the programs of a line, for the demo and the browser tests.
import { spawn, execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { promisify } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';

export const run = promisify(execFile);

// How long anybody waits for anything that is going to happen: for a page, an answer, a program. Nothing takes this long; it is
// where a run on a crowded machine gives up. What is promised within a time is measured, not waited for.
export const WAIT_MS = 60_000;

// A started program; its output goes to `log`. `stop()` asks it to end and waits; `kill()` does not ask.
export class Program {
  constructor(name, command, args, log) {
    this.name = name;
    this.log = log;
    this.ended = null;
    const out = createWriteStream(log, { flags: 'a' });
    this.child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout.pipe(out);
    this.child.stderr.pipe(out);
    this.exit = new Promise((resolve) => {
      this.child.on('exit', (code, signal) => { this.ended = signal ?? code; resolve(this.ended); });
      this.child.on('error', (error) => { this.ended = error.message; resolve(this.ended); });
    });
  }

  async stop(signal = 'SIGTERM', graceMs = 15_000) {
    if (this.ended === null) this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), graceMs);
    const ended = await this.exit;
    clearTimeout(timer);
    return ended;
  }

  kill() { return this.stop('SIGKILL'); }
}

// Calls `probe` until it returns something true; fails with `what` after `limitMs` or when a program has ended.
export async function until(what, probe, { limitMs = WAIT_MS, everyMs = 50, programs = [] } = {}) {
  const deadline = Date.now() + limitMs;
  let last = null;
  for (;;) {
    for (const program of programs) {
      if (program.ended !== null) throw new Error(`${program.name} ended (${program.ended}) while waiting for ${what}; see ${program.log}`);
    }
    try {
      const value = await probe();
      if (value) return value;
    } catch (error) { last = error; }
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms for ${what}${last ? `: ${last.message}` : ''}`);
    await wait(everyMs);
  }
}

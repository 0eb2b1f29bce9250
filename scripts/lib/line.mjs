// A whole line on this machine, made by `crossline setup`: its server and agents as real programs, for the demo, the
// browser tests and the integration tests.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Station, probe } from './clients.mjs';
import { Program, run, until } from './processes.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

// Makes the files of a new line in `dir`, starts nothing, and returns its manifest (DIR/line.json).
//   checkpoints   names; the default is that of `crossline setup`
//   extraAgents   how many agents load-01, load-02, ... are enrolled besides, for `crossline load`
//   options       more options of `crossline setup`, as they are
export async function setUpLine({ bin, dir, checkpoints = [], extraAgents = 0, options = [] }) {
  mkdirSync(dir, { recursive: true });
  const pages = join(root, 'console/dist');
  const given = (name) => options.includes(name);
  await run(join(bin, 'crossline'), ['setup', '--dir', dir,
    ...(given('--procedure') ? [] : ['--procedure', join(root, 'procedures/demo.toml')]),
    ...(given('--console') || !existsSync(join(pages, 'index.html')) ? [] : ['--console', pages]), ...checkpoints.flatMap((name) => ['--checkpoint', name]),
    ...(extraAgents > 0 ? ['--extra-agents', String(extraAgents)] : []), ...options]);
  return JSON.parse(readFileSync(join(dir, 'line.json'), 'utf8'));
}

// Sets up a line, starts everything and waits until every post is online.
export async function startLine(options) {
  const line = new Line(options.bin, options.dir, await setUpLine(options));
  try {
    await line.start();
  } catch (error) {
    await line.stop();
    throw error;
  }
  return line;
}

// The programs of one line. Each may be ended and started again; what they print goes to DIR/log.
export class Line {
  #server = null;
  #agents = new Map();
  #witnesses = new Map();

  constructor(bin, dir, manifest) {
    this.bin = bin;
    this.dir = dir;
    this.line = manifest.line;
    this.registry = manifest.registry;
    this.accounts = manifest.accounts;
    this.officer = manifest.officer;
    this.witnesses = manifest.witnesses ?? [];
    const { server } = manifest;
    this.server = { url: `https://${server.https}`, ca: readFileSync(server.ca, 'utf8'), caFile: server.ca,
      ledger: server.ledger, config: server.config, agentsPort: Number(server.agents.split(':').at(-1)) };
    this.agents = manifest.agents.map((one) => ({ agent: one.agent, checkpoint: one.checkpoint, side: one.side, url: `http://${one.station}`, config: one.config }));
    mkdirSync(join(dir, 'log'), { recursive: true });
  }

  get programs() { return [...(this.#server ? [this.#server] : []), ...this.#agents.values(), ...this.#witnesses.values()]; }
  log(program) { return join(this.dir, 'log', `${program}.log`); }
  agent(name) { return this.agents.find((one) => one.agent === name); }
  post(checkpoint, side) { return this.agents.find((one) => one.checkpoint === checkpoint && one.side === side); }
  account(role, party) { return this.accounts.find((one) => one.role === role && (!party || one.party === party)); }

  async start() {
    await Promise.all(this.witnesses.map(({ party }) => this.startWitness(party)));
    await this.startServer();
    await Promise.all(this.agents.map(({ agent }) => this.startAgent(agent)));
  }
  // Agents first: each says goodbye to a server that is there.
  async stop() {
    await Promise.all(this.agents.map(({ agent }) => this.stopAgent(agent)));
    await this.stopServer();
    await Promise.all(this.witnesses.map(({ party }) => this.stopWitness(party)));
  }

  // The witness of one side; resolves when it answers.
  async startWitness(party) {
    const { url, config } = this.witnesses.find((one) => one.party === party);
    const program = new Program(`witness ${party}`, join(this.bin, 'crossline'), ['witness', 'run', '--config', config], this.log(`witness-${party}`));
    this.#witnesses.set(party, program);
    await until(`the witness of ${party}`, async () => (await probe(http, `${url}/nothing/checkpoint`)) === 404, { programs: [program], everyMs: 20 });
  }
  async stopWitness(party, signal = 'SIGTERM') {
    const program = this.#witnesses.get(party);
    this.#witnesses.delete(party);
    return program ? program.stop(signal) : null;
  }

  async startServer() {
    this.#server = new Program('crossline-server', join(this.bin, 'crossline-server'), ['run', '--config', this.server.config], this.log('server'));
    await this.serverReady();
  }
  serverReady() {
    const program = this.#server;
    return until('the server to be ready', async () => (await probe(https, `${this.server.url}/readyz`, { ca: this.server.ca })) === 200, { programs: [program], everyMs: 20 });
  }
  // Resolves with how it ended: an exit code or the name of a signal; null when it did not run.
  async stopServer(signal = 'SIGTERM') {
    const program = this.#server;
    this.#server = null;
    return program ? program.stop(signal) : null;
  }
  killServer() { return this.stopServer('SIGKILL'); }

  // Waits until its station answers and, unless `online` is false, until the server has welcomed it.
  async startAgent(name, { online = true } = {}) {
    const { url, config } = this.agent(name);
    const program = new Program(name, join(this.bin, 'crossline-agent'), ['run', '--config', config], this.log(name));
    this.#agents.set(name, program);
    await until(`the station of ${name}`, async () => (await probe(http, `${url}/station.html`)) < 500, { programs: [program], everyMs: 20 });
    if (online) await this.agentOnline(name);
  }
  async agentOnline(name) {
    const station = new Station(this.agent(name).url);
    try {
      await until(`${name} to be online`, async () => (await station.state()).connection.state === 'online', { programs: [this.#agents.get(name)] });
    } finally { station.close(); }
  }
  async stopAgent(name, signal = 'SIGTERM') {
    const program = this.#agents.get(name);
    this.#agents.delete(name);
    return program ? program.stop(signal) : null;
  }
  killAgent(name) { return this.stopAgent(name, 'SIGKILL'); }
}

// Clients of the two HTTP interfaces: the station of one agent, and the server as one signed-in person sees it.
import http from 'node:http';
import https from 'node:https';
import { WAIT_MS } from './processes.mjs';

const MAX_BODY = 8 << 20;

// One request; resolves with { status, headers, body } with the JSON body parsed.
function request(module, url, { method = 'GET', headers = {}, body, agent, ca } = {}) {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? null : Buffer.from(JSON.stringify(body));
    const sent = module.request(url, { method, agent, ca, headers: { ...headers, ...(payload ? { 'Content-Type': 'application/json', 'Content-Length': payload.length } : {}) } }, (response) => {
      const chunks = [];
      let size = 0;
      response.on('data', (chunk) => { size += chunk.length; if (size > MAX_BODY) sent.destroy(new Error('answer too large')); chunks.push(chunk); });
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        let parsed = text;
        if (/json/.test(response.headers['content-type'] ?? '')) { try { parsed = JSON.parse(text); } catch (error) { reject(error); return; } }
        resolve({ status: response.statusCode, headers: response.headers, body: parsed });
      });
      response.on('error', reject);
    });
    sent.setTimeout(WAIT_MS, () => sent.destroy(new Error(`no answer from ${url}`)));
    sent.on('error', reject);
    sent.end(payload);
  });
}

// The status of one GET, whatever the body; for waiting until somebody listens.
export async function probe(module, url, options = {}) { return (await request(module, url, options)).status; }

// An answer of 400 or above, with the problem's own words.
export class Problem extends Error {
  constructor(what, answer) {
    super(`${what}: ${answer.status} ${answer.body?.code ?? ''} ${answer.body?.detail ?? ''}`.trim());
    this.status = answer.status;
    this.code = answer.body?.code;
  }
}

const checked = (what, answer) => { if (answer.status >= 400) throw new Problem(what, answer); return answer.body; };

// The desk of one post.
export class Station {
  constructor(url) {
    this.url = url;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  }
  async call(method, path, body) {
    return checked(`${method} ${path}`, await request(http, `${this.url}/api/v1${path}`, { method, body, agent: this.agent, headers: { 'X-Crossline-Station': '1' } }));
  }
  state() { return this.call('GET', '/station'); }
  startShift(officer, pin, direction, language = 'en') { return this.call('POST', '/shift', { officer, pin, direction, language }); }
  turn(direction) { return this.call('POST', '/direction', { direction }); }

  // Scans one person, or a family as a group, and does what the verdict says: pass when allowed, acknowledge otherwise.
  // `act` may be 'turn_back'. Returns { verdict, articles, outcome, decided, elapsedMs } of the first person or group.
  async serve(documents, act = 'pass') {
    return documents.length === 1 ? this.#single(documents[0], act) : this.#group(documents, act);
  }
  async #settle(scan, category) {
    if (scan.step === 'confirm_reading') scan = await this.call('POST', `/scans/${scan.scan_id}/reading`);
    if (scan.step === 'choose_category') scan = await this.call('POST', `/scans/${scan.scan_id}/category`, { category });
    return scan;
  }
  async #single(document, act) {
    const scan = await this.#settle(await this.call('POST', '/scans', { text: document.text, category: document.category }), document.category);
    if (scan.step !== 'decided') {
      if (scan.step === 'unreadable' || scan.step === 'repeated') await this.call('POST', `/scans/${scan.scan_id}/confirm`, { action: 'acknowledge' });
      return { verdict: null, step: scan.step, articles: [], elapsedMs: scan.elapsed_ms };
    }
    const action = scan.decision.verdict === 'allow' ? act : 'acknowledge';
    const done = await this.call('POST', `/scans/${scan.scan_id}/confirm`, { action });
    return this.#result(scan, done);
  }
  async #group(documents, act) {
    const group = await this.call('POST', '/groups');
    let adult = null;
    for (const document of documents) {
      const membership = { group_id: group.group_id, ...(adult ? { with: { scan_id: adult, relation: 'parent' } } : {}) };
      const scan = await this.#settle(await this.call('POST', '/scans', { text: document.text, category: document.category, group: membership }), document.category);
      if (scan.step !== 'collected') throw new Error(`a member of a group is ${scan.step}`);
      adult ??= scan.scan_id;
    }
    const decided = await this.call('POST', `/groups/${group.group_id}/close`);
    const anyAllowed = decided.members.some((member) => member.decision?.verdict === 'allow');
    const done = await this.call('POST', `/groups/${group.group_id}/confirm`, { action: anyAllowed ? act : 'acknowledge' });
    const result = this.#result(decided.members[0], done.members[0]);
    result.verdict = decided.verdict;
    result.members = done.members.map((member, i) => this.#result(decided.members[i], member));
    return result;
  }
  #result(scan, done) {
    return { verdict: scan.decision.verdict, articles: scan.decision.reasons.map((reason) => reason.article), decided: scan.decision.decided,
      outcome: done.recorded?.outcome, journalIndex: done.recorded?.journal_index, elapsedMs: scan.elapsed_ms };
  }
  close() { this.agent.destroy(); }
}

// The server's HTTPS interface, signed in as one person after signIn().
export class Office {
  constructor(url, ca) {
    this.url = url;
    this.ca = ca;
    this.agent = new https.Agent({ keepAlive: true, ca });
    this.cookie = null;
    this.csrf = null;
  }
  async raw(method, path, body, headers = {}) {
    return request(https, `${this.url}${path}`, { method, body, agent: this.agent,
      headers: { ...(this.cookie ? { Cookie: this.cookie } : {}), ...(this.csrf ? { 'X-CSRF-Token': this.csrf } : {}), 'Sec-Fetch-Site': 'same-origin', ...headers } });
  }
  async call(method, path, body) { return checked(`${method} ${path}`, await this.raw(method, `/api/v1${path}`, body)); }
  async signIn(name, password) {
    const answer = await this.raw('POST', '/api/v1/session', { name, password });
    const session = checked('sign in', answer);
    this.cookie = answer.headers['set-cookie'][0].split(';')[0];
    this.csrf = session.csrf_token;
    return session;
  }
  close() { this.agent.destroy(); }
}

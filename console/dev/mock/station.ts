// The stand-in of an agent. What a scan leads to is told by the last digit of the document number:
//   ...0 to ...4 allow, 5 refer, 6 refuse, 7 wrong check digit, 8 repaired, 9 several categories.
import type { DocumentSummary, FieldEvidence, Group, HistoryEntry, Reason, Scan, Station, Verdict } from '../../src/api/station';
import { ok, problem, type Answer, type Request } from './http';
import type { World } from './scenes';

/** Agreed words in a language of long words; and, in its scene, a long name and a birth date of which only the year is known. */
const kArmenian = {
  article: 'Անչափահասներին ուղեկցող անձինք ներկայացնում են ճանապարհորդական փաստաթուղթը և հակահամաճարակային պատվաստումների միջազգային վկայականը։',
  fact: 'Ճանապարհորդական փաստաթղթի գործողության ժամկետը սպառվել է։',
  category: 'Ներքին տեղահանված քաղաքացիներ, ովքեր վերաբնակեցվել են սահմանամերձ համայնքներում',
};

const article = (id: string): Reason => {
  const articles: Record<string, Omit<Reason, 'article' | 'relief' | 'words'>> = {
    '3(1)': { kind: 'admit', outcome: 'allow', text: 'Residents of either side may cross at any open checkpoint.', failing_fact: '', remedy: '' },
    '4(3)': {
      kind: 'require', outcome: 'refer', text: 'A child under 16 crosses with a parent or guardian.',
      failing_fact: 'The person is 11 years old and nobody accompanies them.', remedy: 'A parent or guardian crosses with them.',
    },
    '5(1)': {
      kind: 'require', outcome: 'refuse', text: 'The travel document is valid on the day of the crossing.',
      failing_fact: 'The document expired 42 days ago.', remedy: 'A document that is valid today.',
    },
  };
  return { article: id, relief: 'none', words: [], ...articles[id]! };
};

const zone = (number: string) => `P<XAAMORAVEC<<LENA<ILONA<<<<<<<<<<<<<<<<<<<<\n${number}<`;

/** An edition whose articles ask for everything that an officer can declare. */
const askedForAll: Station['asked'] = {
  mode: true, convoy: true, weapons: true, arms_handed_over: true,
  goods: [{ name: 'medical_supplies', text: 'Медикаменты и медицинское оборудование', unit: 'kg' }, { name: 'fuel', text: '', unit: 'l' }],
  facts: [
    { name: 'vaccinated', text: 'Vaccination certificate shown', type: 'bool', values: [] }, { name: 'seats', text: 'Seats taken', type: 'int', values: [] },
    { name: 'seal', text: '', type: 'enum', values: ['intact', 'broken_open'] }, { name: 'invited_on', text: 'Day of the invitation', type: 'date', values: [] },
  ],
};

export class MockStation {
  private shift: Station['shift'] = null;
  private direction: 'exit' | 'entry' = 'exit';
  private scan: Scan | null = null;
  private group: Group | null = null;
  private history: HistoryEntry[] = [];
  private journal = 4_207;
  private lastNumber = '';
  private failures = 0;

  constructor(private readonly world: World) {}

  answer(request: Request): Answer | null {
    const { method, path, body } = request;
    const route = `${method} ${path}`;
    if (route === 'GET /station') return ok(this.state());
    if (route === 'POST /shift') return this.startShift(body);
    if (!/^\/(shift|direction|language|scans|groups|undo|history)/.test(path)) return null;
    if (!this.shift) return problem(403, 'no_shift', 'nobody is signed in at this post');
    if (this.world.scene === 'forked' && method === 'POST') return problem(503, 'forked', 'the journal is in dispute');
    if (this.world.scene === 'disk_full' && method === 'POST') return problem(507, 'storage_full', 'the disk is full');

    if (route === 'POST /shift/end') return this.endShift();
    if (route === 'POST /direction') return this.switchDirection(body);
    if (route === 'POST /language') return this.setLanguage(body);
    if (route === 'POST /scans') return ok(this.take(body));
    if (route === 'POST /groups') return ok((this.group = { group_id: id(), state: 'open', verdict: null, members: [] }), 201);
    if (route === 'POST /undo') return this.undo(body);
    if (route === 'GET /history/recent') return ok({ entries: this.world.scene === 'empty' ? [] : this.history });
    const step = /^\/(scans|groups)\/[0-9a-f]{16}\/(\w+)$/.exec(path);
    if (step?.[1] === 'scans') return this.onScan(step[2]!, body);
    if (step?.[1] === 'groups') return this.onGroup(step[2]!, body);
    return problem(404, 'not_found', 'no such route');
  }

  private state(): Station {
    const { scene } = this.world;
    const offline = scene === 'offline';
    const now = Date.now();
    return {
      line: 'river-line', checkpoint: 'Bridge', side: 'A', agent: 'bridge-a-1', directions: ['exit', 'entry'],
      shift: this.shift,
      officers: this.shift ? [] : [{ id: 'officer-1', language: 'en' }, { id: 'officer-2', language: 'ru' }, { id: 'officer-3', language: 'ru' }],
      connection: {
        state: offline || scene === 'forked' ? 'offline' : 'online',
        since: iso(now - 38 * 60_000),
        reason: offline ? 'unreachable' : scene === 'forked' ? 'forked' : 'none',
      },
      recording: scene === 'disk_full' ? { ok: false, code: 'storage_full' } : scene === 'forked' ? { ok: false, code: 'forked' } : { ok: true, code: null },
      edition: scene === 'no_edition' ? null : { number: 3, hash: 'ab'.repeat(32), in_force: true, from: iso(now - 1e9), until: iso(now + 1e9) },
      queue: offline ? { count: 57, oldest_age_ms: 38 * 60_000 } : { count: 0, oldest_age_ms: null },
      journal_size: this.journal, ledger_head: null,
      asked: scene === 'declaring' ? askedForAll : { mode: false, convoy: false, weapons: false, arms_handed_over: false, goods: [], facts: [] },
      categories: [
        { name: 'resident_a', text: scene === 'armenian' ? kArmenian.category : 'Resident of side A' }, { name: 'resident_b', text: 'Resident of side B' },
        { name: 'humanitarian', text: 'Humanitarian worker' }, { name: 'returning', text: 'Returning displaced person' },
      ],
      languages: ['en', 'ru'], scan: this.scan, group: this.group, undo_window_ms: 300_000,
      reader: { prefix: '', suffix: '', terminator: 'enter' }, now: iso(now),
      alarms: scene === 'alarmed' ? [{ code: 'store_damaged', at: iso(now - 6e5) }, { code: 'edition_refused', at: iso(now - 9e4) }] : [],
    };
  }

  private startShift(body: Record<string, unknown>): Answer {
    if (body['pin'] !== '1234') {
      return ++this.failures >= 5 ? problem(429, 'too_many_attempts', 'too many wrong PINs', { retry_after_ms: 60_000 }) : problem(401, 'wrong_pin', 'officer and PIN do not fit');
    }
    this.failures = 0;
    this.direction = body['direction'] as 'exit' | 'entry';
    this.shift = { officer: String(body['officer']), direction: this.direction, language: String(body['language']), started_at: iso(Date.now()) };
    return ok(this.state(), 201);
  }

  private endShift(): Answer {
    this.shift = this.scan = this.group = null;
    return ok(this.state());
  }

  private switchDirection(body: Record<string, unknown>): Answer {
    if (this.scan || this.group) return problem(409, 'conflict', 'a scan waits');
    this.direction = body['direction'] as 'exit' | 'entry';
    this.shift = { ...this.shift!, direction: this.direction };
    return ok(this.state());
  }

  private setLanguage(body: Record<string, unknown>): Answer {
    this.shift = { ...this.shift!, language: String(body['language']) };
    return ok(this.state());
  }

  private take(body: Record<string, unknown>): Scan {
    const text = String(body['text']);
    const number = /[A-Z]?\d{6,9}/.exec(text.split('\n')[1] ?? text)?.[0] ?? '';
    const kind = number === '' ? -1 : Number(number.at(-1));
    const scan = this.blank();
    scan.document = document(number, kind);
    if (this.world.scene === 'armenian') scan.document = { ...scan.document, primary_name: 'HARUTYUNYANTSTERMKRTCHYAN', birth_date: '1990', age_years: null, names_truncated: true };
    if (kind === -1 || kind === 7) {
      scan.step = 'unreadable';
      scan.fields = kind === 7 ? [evidence('number', 'wrong_check_digit', number, '7', '6'), evidence('composite', 'wrong_check_digit', '', '0', '4')] : [evidence('zone', 'unreadable', '', null, null)];
      if (kind === -1) scan.document = null;
      return (this.scan = scan);
    }
    if (number === this.lastNumber && !this.group) {
      scan.step = 'repeated';
      scan.previous = { recorded_at: iso(Date.now() - 95_000), checkpoint: 'Bridge', side: 'A', direction: this.direction, journal_index: this.journal };
      return (this.scan = scan);
    }
    if (kind === 8) {
      scan.step = 'confirm_reading';
      scan.repaired = true;
      scan.fields = [{ ...evidence('birth_date', 'repaired', '9OO517', '3', '3'), value: '900517' }];
      return (this.scan = scan);
    }
    if (kind === 9) {
      scan.step = 'choose_category';
      scan.category = null;
      scan.fitting_categories = ['resident_a', 'returning', 'humanitarian'];
      return (this.scan = scan);
    }
    if (this.group) {
      scan.step = 'collected';
      scan.group_id = this.group.group_id;
      const membership = body['group'] as { with?: Scan['with'] };
      scan.with = membership.with ?? null;
      if (this.group.members.length > 0) scan.document = { ...scan.document!, secondary_name: this.group.members.length % 2 ? 'PETR' : 'MAYA', birth_date: '2015-03-09', age_years: 11 };
      this.group.members.push(scan);
      return scan;
    }
    return this.decide(scan, kind === 5 ? 'refer' : kind === 6 ? 'refuse' : 'allow');
  }

  private decide(scan: Scan, verdict: Verdict): Scan {
    const armenian = this.world.scene === 'armenian';
    const given = verdict === 'allow' ? [article('3(1)')] : verdict === 'refer' ? [article('4(3)')] : [article('5(1)'), article('4(3)')];
    const reasons = armenian ? given.map((reason) => ({ ...reason, text: kArmenian.article, failing_fact: reason.failing_fact && kArmenian.fact })) : given;
    const headlines = { allow: 'A resident of side A may cross at this checkpoint now.', refer: 'The duty officers of both sides decide.', refuse: 'The document is not valid any more.' };
    scan.step = 'decided';
    scan.decision = {
      verdict, headline: armenian ? kArmenian.fact : headlines[verdict], reasons, duties: [], decided: this.world.scene === 'offline' ? 'offline' : 'online',
      local_verdict: null, edition: 3, returning: false,
    };
    if (verdict !== 'allow') this.record(scan, verdict === 'refer' ? 'referred' : 'refused');
    return (this.scan = scan);
  }

  private onScan(step: string, body: Record<string, unknown>): Answer {
    const scan = this.scan;
    if (!scan) return problem(404, 'not_found', 'no such scan');
    if (step === 'reading') return ok(this.decide({ ...scan, fields: [] }, 'allow'));
    if (step === 'category') return ok(this.decide({ ...scan, category: String(body['category']) }, 'allow'));
    if (scan.decision?.verdict === 'allow') {
      this.record(scan, body['action'] === 'pass' ? 'passed' : 'turned_back');
      if (body['action'] === 'pass') this.lastNumber = scan.document!.number;
    }
    this.scan = null;
    return ok({ ...scan, step: 'done' });
  }

  private onGroup(step: string, body: Record<string, unknown>): Answer {
    const group = this.group;
    if (!group) return problem(404, 'not_found', 'no such group');
    if (step === 'cancel') {
      this.group = null;
      return ok(this.state());
    }
    if (step === 'close') {
      for (const member of group.members) this.decide(member, Number(member.document!.number.at(-1)) === 5 ? 'refer' : 'allow');
      this.scan = null;
      const referred = group.members.some((member) => member.decision?.verdict === 'refer');
      return ok((this.group = { ...group, state: 'decided', verdict: referred ? 'refer' : 'allow' }));
    }
    for (const member of group.members) if (member.decision?.verdict === 'allow') this.record(member, body['action'] === 'pass' ? 'passed' : 'turned_back');
    this.group = null;
    return ok({ ...group, state: 'done' });
  }

  private undo(body: Record<string, unknown>): Answer {
    const entry = this.history.find((candidate) => candidate.journal_index === body['journal_index']);
    if (!entry || entry.corrected) return problem(409, 'conflict', 'corrected already');
    entry.corrected = true;
    return ok(entry, 201);
  }

  private record(scan: Scan, outcome: HistoryEntry['outcome']): void {
    const recorded_at = iso(Date.now());
    scan.recorded = { journal_index: ++this.journal, outcome, recorded_at };
    this.history.unshift({
      journal_index: this.journal, recorded_at, direction: scan.direction, outcome, verdict: scan.decision!.verdict,
      articles: scan.decision!.reasons.map((reason) => reason.article), decided_offline: scan.decision!.decided === 'offline',
      document: scan.document, corrected: false, undo_until: iso(Date.now() + 300_000), sent: this.world.scene !== 'offline',
    });
  }

  private blank(): Scan {
    return {
      scan_id: id(), step: 'decided', direction: this.direction, document: null, fields: [], repaired: false, category: 'resident_a', fitting_categories: [],
      decision: null, recorded: null, previous: null, group_id: null, with: null, elapsed_ms: 4,
    };
  }
}

function document(number: string, kind: number): DocumentSummary {
  const child = kind === 5;
  return {
    kind: 'passport', issuer: 'XAA', number, primary_name: 'MORAVEC', secondary_name: child ? 'PETR' : 'LENA ILONA', birth_date: child ? '2015-03-09' : '1990-05-17',
    sex: child ? 'male' : 'female', nationality: 'XAA', expiry_date: kind === 6 ? '2026-10-13' : '2031-08-30', valid_days: kind === 6 ? -42 : 1_740,
    age_years: child ? 11 : 36, names_truncated: false,
  };
}

function evidence(field: FieldEvidence['field'], status: FieldEvidence['status'], raw: string, read: string | null, computed: string | null): FieldEvidence {
  return { field, status, raw, value: raw, digit_read: read, digit_computed: computed, line: 2, first: 1, last: 9 };
}

const id = () => Array.from({ length: 16 }, () => Math.floor(Math.random() * 16).toString(16)).join('');
const iso = (ms: number) => new Date(ms).toISOString();
export const zoneFor = (lastDigit: number) => zone(`L0000012${lastDigit}`);

// The stand-in of the server: made-up figures of a line with two checkpoints.
import type { AsOf, Difference, EditionPosts, Editions, Ledger, LedgerRecord, NoticePage, Quota, Quotas, Session, Shadow, Statistics, StatisticsRow, Timeline } from '../../src/api/server';
import { HonestServer } from '../../src/evidence/chain.fixture';
import { ok, problem, type Answer, type Request } from './http';
import type { World } from './scenes';

const kDayMs = 86_400_000;
const subjects = Array.from({ length: 7 }, (_, i) => (i * 7 + 11).toString(16).padStart(2, '0').repeat(16));
const iso = (ms: number) => new Date(ms).toISOString();

const texts = {
  '3(1)': { en: 'Residents of either side may cross at any open checkpoint.', ru: 'Жители обеих сторон могут переходить на любом открытом пункте.' },
  '4(3)': { en: 'A child under 16 crosses with a parent or guardian.', ru: 'Ребёнок младше 16 лет переходит с родителем или опекуном.', hy: 'Տասնվեց տարեկանից փոքր երեխան հատում է սահմանազատման գիծը ծնողի կամ օրինական ներկայացուցչի ուղեկցությամբ։' },
  '5(1)': { en: 'The travel document is valid on the day of the crossing.', ru: 'Проездной документ действителен в день перехода.' },
  '6(2)': { en: 'A crossing alternates: nobody enters a side twice without leaving it.', ru: 'Переходы чередуются: никто не входит дважды, не выйдя.' },
  '8(1)': { en: 'A person on a hold list of either side is referred to both duty officers.', ru: 'Человек из списка задержания передаётся дежурным обеих сторон.' },
};
const cited = (...ids: (keyof typeof texts)[]) => ids.map((id) => ({ id, text: texts[id] }));

export class MockServer {
  private role: Session['role'] | null = null;
  private lookups = 40_211;

  constructor(private readonly world: World) {}

  answer(request: Request): Answer | Promise<Answer> | null {
    const { method, path, body, query } = request;
    const route = `${method} ${path}`;
    if (route === 'POST /session') return this.signIn(body);
    if (this.role === null || !request.cookie.includes('crossline-mock=1')) return problem(401, 'unauthenticated', 'sign in');
    if (route === 'GET /session') return ok(this.session());
    if (route === 'DELETE /session') {
      this.role = null;
      return { status: 204, cookie: 'crossline-mock=; Max-Age=0; Path=/' };
    }
    if (this.world.scene === 'forbidden') return problem(403, 'forbidden', 'not with this role');
    if (this.world.scene === 'expired') return problem(401, 'unauthenticated', 'sign in');
    if (this.world.scene === 'failing') return problem(503, 'busy', 'the queue is full');
    switch (route) {
      case 'GET /overview': return ok(this.overview());
      case 'GET /between': return ok(this.between());
      case 'GET /cases': return ok(this.cases(query.get('kind')));
      case 'GET /closures': return ok({ as_of: this.asOf(), closures: this.closures() });
      case 'GET /quotas': return ok(this.quotas());
      case 'GET /notices': return ok(this.notices());
      case 'GET /statistics': return ok(this.statistics(query));
      case 'GET /procedure': return ok(this.procedure());
      case 'GET /procedure/posts': return ok(this.editionPosts());
      case 'GET /procedure/shadow': return ok(this.shadow());
      case 'GET /procedure/editions': return ok(this.editions());
      case 'GET /procedure/differences': return ok(this.difference(Number(query.get('from')), Number(query.get('to'))));
      case 'GET /ledger': return this.ledger().then((ledger) => ok(ledger));
      case 'GET /ledger/head': return ok({ head: this.asOf().tree_head, note: '' });
      case 'POST /lookups': return this.lookUp(body);
      case 'POST /timelines': return ok(this.timeline(String(body['subject'])));
    }
    if (path.startsWith('/ledger/')) return this.evidence(path, query.get('from'), query.get('to'));
    if (method === 'POST' && /^\/(closures|lists|resolutions)/.test(path)) {
      return ok({ ledger_index: ++this.lookups, as_of: this.asOf(), current: this.timeline(subjects[0]!).current }, 201);
    }
    return problem(404, 'not_found', 'no such route');
  }

  private signIn(body: Record<string, unknown>): Answer {
    const roles = ['staff', 'shift_lead', 'supervisor', 'negotiator', 'auditor', 'administrator'] as const;
    const role = roles.find((candidate) => candidate === body['name']);
    if (!role || body['password'] !== 'demo') return problem(401, 'wrong_credentials', 'name and password do not fit');
    this.role = role;
    return { status: 201, body: this.session(), cookie: 'crossline-mock=1; HttpOnly; SameSite=Strict; Path=/' };
  }

  private session(): Session {
    const now = Date.now();
    return {
      user: this.role!, role: this.role!, party: this.role === 'negotiator' ? 'G' : 'A', language: this.language, csrf_token: 'mock', line: 'river-line',
      now: iso(now), expires_at: iso(now + 8 * 3_600_000), idle_timeout_ms: 900_000,
    };
  }

  language = 'en';

  private asOf(): AsOf {
    const size = this.world.scene === 'empty' ? 0 : 40_212;
    return { at: iso(Date.now() - 1_400), tree_head: { origin: 'river-line/ledger', size, root: 'qN3Xc0t1v2Yb8mQe0b8sJt2nqv0m7b1l9yq5w8Zk3Vw=' }, settled_size: size - Math.min(size, 3), cosigners: size > 3 ? ['river-line/witness-a', 'river-line/witness-b'] : [], state: 'provisional' };
  }

  /** A small ledger whose hashes and signatures are real, so that verifying has something to find. */
  private readonly chain = new HonestServer(21, 18);

  private async ledger(): Promise<Ledger> {
    if (this.world.scene === 'empty') return { origin: 'river-line/ledger', has_witnesses: true, newest: null, settled: null };
    const { chain } = this;
    return { origin: 'river-line/ledger', has_witnesses: true, newest: await chain.head(chain.size, chain.witnesses.slice(0, 1)), settled: await chain.head(chain.settledSize, chain.witnesses) };
  }

  private async evidence(path: string, from: string | null, to: string | null): Promise<Answer> {
    if (path === '/ledger/keys') return ok(await this.chain.keys());
    if (path === '/ledger/consistency') return ok(await this.chain.consistency(BigInt(from ?? '1'), to === null ? undefined : BigInt(to)));
    const index = BigInt(/\d+/.exec(path)?.[0] ?? '0') % BigInt(this.chain.size);
    return ok(path.endsWith('/journal') ? await this.chain.journalProof(index) : await this.chain.entryProof(index));
  }

  /** More rows of a kind than fit on a screen, in the scene of that name. */
  private many<Row>(count: number, row: (index: number) => Row): Row[] {
    return this.world.scene === 'many' ? Array.from({ length: count }, (_, i) => row(i)) : [];
  }

  private overview() {
    const now = Date.now();
    const empty = this.world.scene === 'empty';
    const hides = this.role === 'negotiator' || this.role === 'administrator' || this.role === 'staff';
    const post = (checkpoint: string, side: 'A' | 'B', agent: string, more: object) => ({
      checkpoint, side, agent, party: side, connected: true, since: iso(now - 4e6), last_seen: iso(now - 900), suspended: false, journal_size: 10_233, unsent: 0,
      oldest_unsent_ms: null, edition: 3, ...more,
    });
    return {
      as_of: this.asOf(), now: iso(now), line: 'river-line',
      edition: this.world.scene === 'no_edition' ? null : { number: 3, hash: 'ab'.repeat(32), in_force: true, from: iso(now - 1e9), until: iso(now + 1e10) },
      posts: empty ? [] : [
        post('Bridge', 'A', 'bridge-a-1', {}),
        post('Bridge', 'B', 'bridge-b-1', { journal_size: 10_120 }),
        post('Ford', 'A', 'ford-a-1', { connected: false, last_seen: iso(now - 38 * 60_000), unsent: 57, oldest_unsent_ms: 38 * 60_000, journal_size: 9_871, edition: 2 }),
        post('Ford', 'B', 'ford-b-1', { suspended: true, connected: false, last_seen: iso(now - 7e7), journal_size: 9_860, unsent: null }),
        ...this.many(60, (i) => post(`Checkpoint of the upper valley ${i}`, i % 2 ? 'A' : 'B', `upper-valley-${i}-lane-2`, { journal_size: 10_000_000 + i })),
      ],
      status_counts: empty ? { side_a: 0, side_b: 0, between: 0, disputed: 0 } : { side_a: 8_204, side_b: 11_930, between: hides ? null : 7, disputed: hides ? null : 2 },
    };
  }

  private between() {
    const now = Date.now();
    const ages = [...this.many(93, (i) => (200 - i) * 3_600_000), 26 * 3_600_000, 5 * 3_600_000 + 7 * 60_000, 71 * 60_000, 22 * 60_000, 9 * 60_000, 4 * 60_000, 41_000];
    const persons = this.world.scene === 'empty' ? [] : ages.map((age_ms, i) => ({
      subject: i < subjects.length ? subjects[i]! : i.toString(16).padStart(32, 'c'), since: iso(now - age_ms), age_ms, came_from: i % 3 === 1 ? 'B' : 'A', checkpoint: i % 2 ? 'Ford' : 'Bridge', ledger_index: 40_000 - i * 31,
    }));
    return { as_of: this.asOf(), now: iso(now), total: persons.length, persons, next_cursor: null };
  }

  private cases(kind: string | null) {
    const now = Date.now();
    const base = { occurred_at: iso(now - 3_000_000), checkpoint: 'Ford', side: 'A', ledger_index: 39_870 };
    const all = this.world.scene === 'empty' ? [] : [
      { ...base, kind: 'disagreement', subject: subjects[0], direction: 'exit', outcome: 'passed', status: 'between',
        post_judgement: { verdict: 'allow', articles: cited('3(1)') }, server_judgement: { verdict: 'refer', articles: cited('8(1)') } },
      { ...base, kind: 'disputed', subject: subjects[1], direction: 'entry', outcome: 'passed', status: 'disputed', ledger_index: 39_310, checkpoint: 'Bridge', side: 'B' },
      { ...base, kind: 'unmatched', subject: subjects[2], direction: 'entry', outcome: 'passed', status: 'side_b', ledger_index: 38_111, side: 'B' },
    ];
    const cases = all.filter((item) => kind === null || item.kind === kind);
    const many = this.world.scene === 'empty' ? 0 : 1;
    return { as_of: this.asOf(), now: iso(now), counts: { disagreement: many, disputed: many, unmatched: many }, cases, next_cursor: kind === null && many ? 'p2' : null };
  }

  private closures() {
    const now = Date.now();
    if (this.world.scene === 'empty') return [];
    return [
      { checkpoint: 'Ford', party: 'B', from: iso(now - 3_600_000), until: iso(now + 5 * 3_600_000), reason: 'High water.', in_effect: true },
      { checkpoint: 'Bridge', party: 'A', from: iso(now + kDayMs), until: iso(now + 2 * kDayMs), reason: 'Repair of the deck.', in_effect: false },
    ];
  }

  private quotas(): Quotas {
    const none = this.world.scene === 'no_edition';
    const day = iso(Date.now()).slice(0, 10);
    const base = { as_of: this.asOf(), edition: none ? null : this.editionRef(3), day: none ? null : day, day_ends: none ? null : iso(Date.parse(`${day}T00:00:00Z`) + kDayMs - 4 * 3_600_000) };
    if (none || this.world.scene === 'empty') return { ...base, quotas: [] };
    const hides = this.role === 'negotiator' || this.role === 'administrator';
    const figure = (n: number, small = n >= 1 && n <= 10) => (hides && small ? null : n);
    const lease = (agent: string, amount: number, used: number): Quota['leases'][number] => ({
      checkpoint: agent.startsWith('bridge') ? 'Bridge' : 'Ford', side: agent.includes('-a-') ? 'A' : 'B', agent, amount: figure(amount, true), used: figure(used, true), left: figure(amount - used, true),
    });
    return {
      ...base,
      quotas: [
        { name: 'patients_out', text: { en: 'Patients who leave for treatment', ru: 'Больные, выезжающие на высокоспециализированное лечение' }, checkpoints: ['Bridge'], directions: ['exit'], categories: ['patient'], per_day: 50, used: 23, leased: figure(9, true), left: figure(18, true), leases: [lease('bridge-a-1', 20, 11)] },
        { name: 'seasonal_workers', text: { en: 'Seasonal workers and those who accompany them', ru: 'Сельскохозяйственные сезонные рабочие и сопровождающие их лица' }, checkpoints: [], directions: [], categories: ['worker'], per_day: 1_200, used: 1_037, leased: 120, left: 43, leases: [lease('ford-a-1', 100, 57), lease('ford-b-1', 140, 63)] },
        { name: 'returns', text: {}, checkpoints: [], directions: ['entry'], categories: [], per_day: 300, used: 302, leased: 0, left: 0, leases: [] },
        { name: 'buses', text: { en: 'Buses', ru: 'Автобусы' }, checkpoints: [], directions: [], categories: [], per_day: 40, used: 40, leased: 0, left: 0, leases: [] },
      ],
    };
  }

  private notices(): NoticePage {
    const now = Date.now();
    const hour = 3_600_000;
    const asks = this.world.scene === 'empty' || this.world.scene === 'no_edition' ? [] : [
      { articles: cited('3(1)', '5(1)'), hours_before: 48, objection_within: 24, decided: false },
      { articles: [{ id: '9(2)' }], hours_before: 72, objection_within: null, decided: true },
    ];
    type Notice = NoticePage['notices'][number];
    const step = (name: Notice['steps'][number]['step'], agoHours: number, party: 'A' | 'B' | 'G', reason: string): Notice['steps'][number] => ({
      step: name, at: iso(now - agoHours * hour), party, officer: `${party.toLowerCase()}.supervisor-1`, reason, ledger_index: 40_000 - Math.round(agoHours * 9),
    });
    const due = (kind: 'objection' | 'ruling', inHours: number | null, parties: ('A' | 'B' | 'G')[]) => ({ step: kind, by: inHours === null ? null : iso(now + inHours * hour), parties });
    const notices: Notice[] = this.world.scene === 'empty' ? [] : [
      { subject: subjects[3]!, steps: [step('given', 2, 'A', 'List of patients of 1 October, lines 1 to 14.')], outlooks: [
        { stage: 'given', counts_from: iso(now + 46 * hour), due: [due('objection', 22, ['B', 'G'])] },
        { stage: 'given', counts_from: null, due: [due('objection', null, ['B', 'G']), due('ruling', 70, ['B', 'G'])] } ] },
      { subject: subjects[4]!, steps: [step('given', 60, 'A', 'Urgent treatment.'), step('objected', 49, 'B', 'The clinic says that nobody is expected there before November; see the letter of the joint medical commission.')], outlooks: [
        { stage: 'objected', counts_from: null, due: [due('ruling', -12, ['A', 'G'])] },
        { stage: 'objected', counts_from: null, due: [due('ruling', 12, ['A', 'G'])] } ] },
      { subject: subjects[5]!, steps: [step('given', 90, 'B', 'Relatives.'), step('objected', 80, 'A', 'On our list.'), step('approved', 70, 'G', 'The list was out of date.')], outlooks: [
        { stage: 'decided', counts_from: iso(now - 42 * hour), due: [] }, { stage: 'decided', counts_from: iso(now - 18 * hour), due: [] } ] },
      { subject: subjects[6]!, steps: [step('given', 90, 'B', 'Relatives.'), step('rejected', 60, 'A', 'Not without the papers.')], outlooks: [
        { stage: 'lapsed', counts_from: iso(now - 42 * hour), due: [] }, { stage: 'decided', counts_from: null, due: [] } ] },
    ];
    return { as_of: this.asOf(), now: iso(now), total: notices.length === 0 ? 0 : 214, terms: asks, notices: asks.length === 0 ? notices.map((notice) => ({ ...notice, outlooks: [] })) : notices, next_cursor: notices.length === 0 ? null : '39000.0' };
  }

  private lookUp(body: Record<string, unknown>): Answer {
    const document = body['document'] as { number?: string } | undefined;
    if (typeof body['scan'] === 'string' && !body['scan'].includes('<')) return problem(422, 'unreadable_document', 'not a zone');
    const ledger_index = ++this.lookups;
    const found = this.world.scene !== 'empty' && document?.number !== 'L00000000';
    const subject = String(body['subject'] ?? subjects[1]);
    return ok({
      ledger_index, found, as_of: this.asOf(), subject: found ? subject : null, current: found ? this.timeline(subject).current : null,
      identity: found ? {
        document_kind: 'passport', document_issuer: 'XAA', document_number: 'L00000121', primary_name: 'MORAVEC', secondary_name: 'LENA ILONA', birth_date: '900517',
        expiry_date: '310830', nationality: 'XAA', sex: 'female',
      } : null,
    }, 201);
  }

  private timeline(subject: string): Timeline {
    const now = Date.now();
    const record = (ledger_index: number, agoMs: number, more: Partial<LedgerRecord>): LedgerRecord => ({
      kind: 'movement', ledger_index, journal_index: ledger_index >> 2, agent: 'bridge-a-1', officer: 'officer-1', occurred_at: iso(now - agoMs),
      recorded_at: iso(now - agoMs), received_at: iso(now - agoMs + 180), status_after: 'between', ...more,
    });
    const movement = (more: object): NonNullable<LedgerRecord['movement']> => ({
      checkpoint: 'Bridge', side: 'A', direction: 'exit', outcome: 'passed', category: 'resident_a', age_years: 36, sex: 'female', document_kind: 'passport', document_issuer: 'XAA',
      post_judgement: { verdict: 'allow', articles: cited('3(1)') }, server_judgement: { verdict: 'allow', articles: cited('3(1)') }, decided_offline: false, conflict: false,
      edition: 3, document_repaired: false, companions: 0, corrected: false, ...more,
    });
    const records: LedgerRecord[] = [
      record(40_212, 4_000, { kind: 'lookup', agent: 'office', officer: 'supervisor', status_after: 'disputed', lookup: { purpose: 'stranded_person', case_number: 'C-2026-118', role: 'supervisor', party: 'A' } }),
      record(39_870, 5_100_000, {
        status_after: 'disputed', agent: 'ford-b-1', received_at: iso(now - 2_000_000),
        movement: movement({ checkpoint: 'Ford', side: 'B', direction: 'entry', decided_offline: true, conflict: true, server_judgement: { verdict: 'refer', articles: cited('6(2)', '8(1)') } }),
      }),
      record(39_310, 8_800_000, { kind: 'correction', status_after: 'side_b', correction: { corrects_journal_index: 9_803, reason: 'Wrong direction' } }),
      record(39_301, 9_000_000, { movement: movement({ corrected: true, companions: 2 }) }),
      record(31_207, 4 * kDayMs, { status_after: 'side_b', movement: movement({ side: 'B', direction: 'entry' }) }),
      record(31_190, 4 * kDayMs + 420_000, { movement: movement({}) }),
      ...[4, 3, 2].map((index) => ({ ...this.chain.record(index), occurred_at: iso(Date.parse('2026-10-01T08:00:00Z') + index * 60_000) })),
      record(22_001, 20 * kDayMs, { status_after: 'side_a', movement: movement({ outcome: 'refused', category: '', post_judgement: { verdict: 'refuse', articles: cited('5(1)') }, server_judgement: { verdict: 'refuse', articles: cited('5(1)') } }) }),
    ];
    return {
      as_of: this.asOf(), subject, records, next_cursor: null,
      current: { status: 'disputed', since: iso(now - 5_100_000), checkpoint: 'Ford', came_from: null, ledger_index: 39_870, unmatched: true, lists: ['hold'], resolutions: { B: 'side_b' } },
    };
  }

  private statistics(query: URLSearchParams): Statistics {
    const from = query.get('from')!;
    const to = query.get('to')!;
    const group_by = (query.get('group_by') ?? 'day') as Statistics['group_by'];
    const hides = this.role === 'negotiator';
    const rows = this.world.scene === 'empty' ? [] : rowsOf(from, to, group_by, query.get('checkpoint') ?? '', hides);
    const total = (side: 'A' | 'B') => {
      const mine = rows.filter((row) => row.side === side);
      const add = (key: 'entries' | 'exits' | 'refused' | 'referred') => mine.reduce((sum, row) => sum + (row[key] ?? 7), 0);
      return { entries: add('entries'), exits: add('exits'), net: add('entries') - add('exits'), refused: add('refused'), referred: add('referred') };
    };
    const empty = rows.length === 0;
    return {
      as_of: this.asOf(), unit: 'crossings', from, to, group_by, clock: 'Asia/Baku', checkpoints: ['Bridge', 'Ford'],
      categories: [{ name: 'resident_a', text: { en: 'Resident of side A', ru: 'Житель стороны A' } }, { name: 'resident_b', text: { en: 'Resident of side B', ru: 'Житель стороны B' } }],
      rows, totals: { A: total('A'), B: total('B') },
      articles: empty ? [] : [
        { id: '5(1)', text: texts['5(1)'], refused: 214, referred: 0 }, { id: '4(3)', text: texts['4(3)'], refused: 0, referred: 131 },
        { id: '6(2)', text: texts['6(2)'], refused: 31, referred: 44 }, { id: '8(1)', text: texts['8(1)'], refused: 0, referred: hides ? null : 9 },
      ],
      between: empty ? { ended: 0, mean_ms: null } : { ended: 5_120, mean_ms: 13 * 60_000 },
      hidden_cells: rows.reduce((n, row) => n + (row.refused === null ? 1 : 0) + (row.referred === null ? 1 : 0) + (row.entries === null ? 1 : 0), hides && !empty ? 1 : 0),
    };
  }

  private editionRef(number: number) {
    const now = Date.now();
    return { number, hash: `5e1${number}`.repeat(16), in_force: number === 3, from: iso(now + (number - 3) * 60 * kDayMs - 40 * kDayMs), until: iso(now + (number - 2) * 60 * kDayMs - 40 * kDayMs) };
  }

  private editions(): Editions {
    const states = ['superseded', 'superseded', 'in_force', 'shadow'] as const;
    const signers = { A: ['0f3a9c5514d2e8b7', '77aa01c3d9e4f210'], B: ['c1d2e3f405162738'] };
    return {
      as_of: this.asOf(),
      editions: this.world.scene === 'empty' ? [] : states.map((state, i) => ({ ...this.editionRef(i + 1), name: 'river-line', state, adopted_at: this.editionRef(i + 1).from, ledger_index: 9_000 * i, signers: i === 0 ? null : signers })),
    };
  }

  private editionPosts(): EditionPosts {
    const known = (number: number | null) => ({ hash: `5e1${number ?? 'f'}`.repeat(16), number });
    const post = (agent: string, side: 'A' | 'B', more: Partial<EditionPosts['posts'][number]>) => ({
      checkpoint: agent.split('-')[0]!, side, agent, party: side, connected: true, enforced: known(3), newest: known(4), reported_at: iso(Date.now() - 9e5), agrees: true, refused: null, ...more,
    });
    return {
      as_of: this.asOf(), edition: this.world.scene === 'empty' ? null : this.editionRef(3),
      posts: this.world.scene === 'empty' ? [] : [
        post('bridge-a-1', 'A', {}), post('bridge-b-1', 'B', { refused: { ...known(4), reason: 'too_few_signatures' }, newest: known(3) }),
        post('ford-a-1', 'A', { enforced: known(2), newest: known(3), agrees: false, connected: false }), post('ford-b-1', 'B', { enforced: null, newest: null, reported_at: null, agrees: null }),
      ],
    };
  }

  private shadow(): Shadow {
    const none = { newly_allowed: 0, newly_referred: 0, newly_refused: 0 };
    if (this.world.scene === 'empty') return { as_of: this.asOf(), edition: null, since: null, movements: 0, total: none, articles: [], hidden_cells: 0, cases: [] };
    const hides = this.role === 'negotiator';
    const judged = (verdict: 'allow' | 'refer' | 'refuse', id: keyof typeof texts) => ({ verdict, articles: cited(id) });
    return {
      as_of: this.asOf(), edition: this.editionRef(4), since: iso(Date.now() - 5 * kDayMs), movements: 6_120, total: { newly_allowed: 214, newly_referred: hides ? null : 9, newly_refused: 31 },
      articles: [{ id: '5(1)', text: texts['5(1)'], newly_allowed: 214, newly_referred: 0, newly_refused: 31 }, { id: '4(3)', text: texts['4(3)'], newly_allowed: 0, newly_referred: hides ? null : 9, newly_refused: 0 }],
      hidden_cells: hides ? 2 : 0,
      cases: hides ? null : [
        { ledger_index: 39_870, at: iso(Date.now() - 3e6), subject: subjects[0]!, checkpoint: 'Ford', direction: 'exit', category: 'resident_a', now: judged('refuse', '5(1)'), next: judged('allow', '3(1)') },
        { ledger_index: 39_310, at: iso(Date.now() - 8e6), subject: subjects[1]!, checkpoint: 'Bridge', direction: 'entry', category: 'resident_b', now: judged('allow', '3(1)'), next: judged('refer', '4(3)') },
      ],
    };
  }

  /** From 3 to 4 somebody is decided otherwise, from 1 to 2 provably nobody, all else is not proven. */
  private difference(from: number, to: number): Difference {
    const compared = (number: number) => {
      const { hash, from: begins, until } = this.editionRef(number);
      return { edition: number, hash, from: begins, until, articles: [...cited('3(1)', '4(3)', '5(1)')] };
    };
    const both = (en: string, ru: string) => ({ en, ru });
    const base = { procedure: 'river-line', before: compared(from), after: compared(to), added: [], removed: [], changed: ['4(3)'], declarations: [], changes: [], open: [], proofs: 14, nobody: false };
    if (from === 1 && to === 2) return { ...base, nobody: true };
    if (from !== 3 || to !== 4) {
      const declarations = [{ kind: 'list', name: 'hold', text: both('list hold', 'список hold'), before: '{"max_age_hours":24}', after: '{"max_age_hours":48}', covered: false }];
      return { ...base, declarations, open: [
        { standing: 'not_proven', article: '', text: both('not proven: the solver does not look at what changed: list hold', 'не доказано: решатель не рассматривает изменённое: список hold') },
        { standing: 'not_proven', article: '4(3)', text: both('not proven: article 4(3): newly refused', 'не доказано: статья 4(3): теперь не пропускается') },
        { standing: 'disagreement', article: '5(1)', text: both('solver and evaluator disagree about: article 5(1): newly allowed', 'расхождение решателя и вычислителя: статья 5(1): теперь пропускается') },
      ] };
    }
    const change = (article: keyof typeof texts, clause: 'require' | 'admit', before: 'allow' | 'refer' | 'refuse', after: 'allow' | 'refer' | 'refuse', age: number): Difference['changes'][number] => ({
      article, clause, before, after, text: both(`article ${article}`, `статья ${article}`),
      person: both(`category: residents of side A; movement: exit; checkpoint: Bridge; toward side: A; time here: Sunday 2026-11-29 23:00 to 2026-11-30 06:00; age: ${age}; accompanied by: nobody`,
        `категория: жители стороны A; направление: выход; пункт: Мост; на сторону: A; местное время: воскресенье 2026-11-29 с 23:00 до 2026-11-30 06:00; возраст: ${age}; в сопровождении: никого`),
      decisions: [before, after].map((verdict, i) => ({
        where: both(`edition ${from + i}`, `редакция ${from + i}`), verdict, because: verdict === 'allow' ? ['3(1)'] : [article],
        facts: { accompanied_by: 'nobody', age, at: '2026-11-29T23:00:00Z', category: 'resident_a', checkpoint: 'bridge', direction: 'exit', document_kind: 'passport', returning: false },
      })),
    });
    return {
      ...base, added: ['9(1)'], removed: ['8(2)'], changed: ['4(3)', '5(1)'],
      changes: [change('4(3)', 'require', 'refer', 'refuse', 13), change('4(3)', 'require', 'refer', 'allow', 15), change('5(1)', 'require', 'allow', 'refer', 40)],
      open: [{ standing: 'not_proven', article: '5(1)', text: both('not proven: article 5(1): newly refused', 'не доказано: статья 5(1): теперь не пропускается') }],
    };
  }

  private procedure() {
    const now = Date.now();
    if (this.world.scene === 'empty' || this.world.scene === 'no_edition') return { as_of: this.asOf(), edition: null };
    const both = (en: string, ru: string) => ({ en, ru });
    return {
      as_of: this.asOf(),
      edition: {
        number: 3, hash: '5e1c'.repeat(16), in_force: true, from: iso(now - 40 * kDayMs), until: iso(now + 140 * kDayMs), name: 'river-line', clock: 'Asia/Baku',
        parties: { A: 'Northern Authority', B: 'Southern Authority', G: 'Guarantor Mission' }, lists: [{ name: 'hold', text: both('Hold list', 'Список задержания') }],
        categories: [{ name: 'resident_a', text: both('Resident of side A', 'Житель стороны A') }], permits: [{ name: 'humanitarian', text: both('Humanitarian permit', 'Гуманитарное разрешение') }],
        articles: [
          { id: '3(1)', text: texts['3(1)'], clauses: [{ kind: 'admit', text: both('Admits a person whose category is resident of side A or resident of side B.', 'Допускает человека категории «житель стороны A» или «житель стороны B».') }] },
          { id: '4(3)', text: texts['4(3)'], clauses: [{ kind: 'require', otherwise: 'refer', if_unknown: 'refer', text: both('If the person is under 16: accompanied by a parent or guardian.', 'Если человеку меньше 16 лет: в сопровождении родителя или опекуна.') }] },
          { id: '5(1)', text: texts['5(1)'], clauses: [{ kind: 'require', otherwise: 'refuse', if_unknown: 'refer', text: both('The document is valid for at least 0 more days.', 'Документ действителен ещё не менее 0 дней.') }] },
          { id: '8(1)', text: texts['8(1)'], clauses: [{ kind: 'prohibit', otherwise: 'refer', if_unknown: 'refer', text: both('On the list “hold”.', 'В списке «hold».') }] },
        ],
      },
    };
  }
}

/** Figures that look alive and are the same every time. */
function rowsOf(from: string, to: string, groupBy: Statistics['group_by'], only: string, hides: boolean): StatisticsRow[] {
  const rows: StatisticsRow[] = [];
  const step = groupBy === 'day' ? 1 : groupBy === 'week' ? 7 : 30;
  for (let ms = Date.parse(from); ms <= Date.parse(to); ms += kDayMs) {
    const date = new Date(ms);
    const first = groupBy === 'day' || (groupBy === 'week' ? date.getUTCDay() === 1 : date.getUTCDate() === 1);
    if (!first && ms !== Date.parse(from)) continue;
    const week = groupBy === 'week' ? ms - ((date.getUTCDay() + 6) % 7) * kDayMs : groupBy === 'month' ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) : ms;
    for (const [i, checkpoint] of ['Bridge', 'Ford'].entries()) {
      if (only !== '' && only !== checkpoint) continue;
      const wave = 1 + 0.35 * Math.sin(ms / kDayMs / 2.1 + i) + (date.getUTCDay() === 6 ? 0.5 : 0);
      const out = Math.round(310 * step * wave / (i + 1));
      const back = Math.round(out * (0.72 + 0.2 * Math.sin(ms / kDayMs)));
      const small = (n: number) => (hides && n > 0 && n <= 10 ? null : n);
      const row = (side: 'A' | 'B', entries: number, exits: number): StatisticsRow => ({
        period: new Date(week).toISOString().slice(0, 10), checkpoint, side, entries, exits, net: entries - exits, refused: small(Math.round(9 * step * wave)), referred: small(Math.round(6 * step * wave)),
      });
      rows.push(row('A', back, out), row('B', out - Math.round(out * 0.01), back - 2));
    }
  }
  return rows;
}

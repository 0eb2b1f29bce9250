// The server's API (central-server/api/openapi.yaml) as plain functions. Nothing personal goes into a URL.
import type { components } from './generated/server';
import { asProblem, request, type RequestOptions } from './request';

type Schemas = components['schemas'];
export type Session = Schemas['Session'];
export type Role = Schemas['Role'];
export type Overview = Schemas['Overview'];
export type Post = Schemas['Post'];
export type AsOf = Schemas['AsOf'];
export type Lookup = Schemas['Lookup'];
export type LookupRequest = Schemas['LookupRequest'];
export type DocumentKind = Schemas['DocumentKind'];
export type Identity = Schemas['Identity'];
export type SubjectStatus = Schemas['SubjectStatus'];
export type Status = Schemas['Status'];
export type Timeline = Schemas['Timeline'];
export type LedgerRecord = Schemas['Record'];
export type Declared = Schemas['Declared'];
export type MovementRecord = Schemas['MovementRecord'];
export type Judgement = Schemas['Judgement'];
export type BetweenPage = Schemas['BetweenPage'];
export type CasePage = Schemas['CasePage'];
export type CaseKind = Schemas['CaseKind'];
export type Closure = Schemas['Closure'];
export type Quotas = Schemas['Quotas'];
export type Quota = Schemas['Quota'];
export type QuotaLease = Schemas['QuotaLease'];
export type NoticePage = Schemas['NoticePage'];
export type NoticeTerms = Schemas['NoticeTerms'];
export type StandingNotice = Schemas['StandingNotice'];
export type NoticeOutlook = Schemas['NoticeOutlook'];
export type ActReceipt = Schemas['ActReceipt'];
export type Statistics = Schemas['Statistics'];
export type StatisticsRow = Statistics['rows'][number];
export type Figures = Schemas['Figures'];
export type GroupBy = Schemas['GroupBy'];
export type Side = Schemas['Side'];
export type Procedure = Schemas['Procedure'];
export type Edition = Schemas['Edition'];
export type Editions = Schemas['Editions'];
export type EditionPosts = Schemas['EditionPosts'];
export type Shadow = Schemas['Shadow'];
export type Difference = Schemas['Difference'];
export type Verdict = Schemas['Verdict'];
export type PublishedHead = Schemas['PublishedHead'];
export type Ledger = Schemas['Ledger'];
export type EntryProof = Schemas['EntryProof'];
export type JournalProof = Schemas['JournalProof'];
export type ConsistencyProof = Schemas['ConsistencyProof'];
export type LineKeys = Schemas['LineKeys'];

export interface StatisticsQuery {
  from: string;
  to: string;
  group_by: GroupBy;
  checkpoint?: string;
  category?: string;
}

/** The server's own bound on comparing two editions is one of steps, not of time. */
const kThinkingTimeoutMs = 120_000;

type Query = Record<string, string | number | undefined>;

/** Calls the server in the name of one session. */
export class ServerApi {
  /** Of the session; empty while nobody is signed in. */
  csrfToken = '';
  /** Called when the server has answered a request that lengthens the session, with when that was sent; and when it says that the session is over. */
  onAnswered: (sentAtMs: number) => void = () => {};
  onUnauthenticated: () => void = () => {};

  session = () => this.call<Session>('GET', '/session');
  signIn = (name: string, password: string) => this.call<Session>('POST', '/session', { body: { name, password } });
  signOut = () => this.act<null>('DELETE', '/session');

  overview = () => this.get<Overview>('/overview');
  between = (cursor?: string) => this.get<BetweenPage>('/between', { cursor });
  cases = (kind?: CaseKind, cursor?: string) => this.get<CasePage>('/cases', { kind, cursor });
  closures = () => this.get<{ as_of: AsOf; closures: Closure[] }>('/closures');
  quotas = () => this.get<Quotas>('/quotas');
  notices = (cursor?: string) => this.get<NoticePage>('/notices', { cursor });
  statistics = (query: StatisticsQuery) => this.get<Statistics>('/statistics', { ...query });
  procedure = () => this.get<Procedure>('/procedure');
  editions = () => this.get<Editions>('/procedure/editions');
  editionPosts = () => this.get<EditionPosts>('/procedure/posts');
  shadow = () => this.get<Shadow>('/procedure/shadow');
  /** Whom the edition `to` decides otherwise than `from`; the server may have to think for a while. */
  differences = (from: number, to: number) => this.get<Difference>('/procedure/differences', { from, to }, { timeoutMs: kThinkingTimeoutMs });
  ledger = () => this.get<Ledger>('/ledger');
  ledgerKeys = () => this.get<LineKeys>('/ledger/keys');
  entryProof = (index: bigint) => this.get<EntryProof>(`/ledger/proof/${index}`);
  journalProof = (index: bigint) => this.get<JournalProof>(`/ledger/proof/${index}/journal`);
  consistency = (from: bigint, to?: bigint) => this.get<ConsistencyProof>('/ledger/consistency', { from: String(from), to: to?.toString() });
  ledgerHead = () => this.get<{ head: Schemas['TreeHead']; note: string }>('/ledger/head');

  lookUp = (lookup: LookupRequest) => this.act<Lookup>('POST', '/lookups', lookup);
  timeline = (body: { subject: string; lookup_index: number; cursor?: string }) => this.act<Timeline>('POST', '/timelines', body);
  resolve = (body: { subject: string; status: 'side_a' | 'side_b'; reason: string }) =>
    this.act<ActReceipt & { current: SubjectStatus }>('POST', '/resolutions', body);
  close = (body: { checkpoint: string; from: string; until: string; reason: string }) => this.act<ActReceipt>('POST', '/closures', body);
  liftClosure = (body: { checkpoint: string; reason: string }) => this.act<ActReceipt>('POST', '/closures/lift', body);
  addToList = (list: string, body: { subject: string; reason: string }) =>
    this.act<ActReceipt>('POST', `/lists/${encodeURIComponent(list)}/entries`, body);
  removeFromList = (list: string, body: { subject: string; reason: string }) =>
    this.act<ActReceipt>('POST', `/lists/${encodeURIComponent(list)}/entries/remove`, body);

  private get<T>(path: string, query: Query = {}, options: RequestOptions = {}): Promise<T> {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== '') parameters.set(name, String(value));
    }
    return this.lengthening<T>('GET', parameters.size > 0 ? `${path}?${parameters}` : path, options);
  }

  private act<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.lengthening<T>(method, path, { body, headers: { 'X-CSRF-Token': this.csrfToken } });
  }

  /** Nothing is longer for a request that the server never saw. */
  private async lengthening<T>(method: string, path: string, options: RequestOptions): Promise<T> {
    const sentAtMs = Date.now();
    try {
      const answer = await this.call<T>(method, path, options);
      this.onAnswered(sentAtMs);
      return answer;
    } catch (error) {
      if (asProblem(error).status !== 0) this.onAnswered(sentAtMs);
      throw error;
    }
  }

  private async call<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    try {
      return await request<T>(method, path, options);
    } catch (error) {
      if ((error as { code?: string }).code === 'unauthenticated') this.onUnauthenticated();
      throw error;
    }
  }
}

// The agent's API (checkpoint-agent/app/station-api.yaml) as plain functions.
import type { components } from './generated/station';
import { request } from './request';

type Schemas = components['schemas'];
export type Station = Schemas['Station'];
export type Scan = Schemas['Scan'];
export type Group = Schemas['Group'];
export type Direction = Schemas['Direction'];
export type Verdict = Schemas['Verdict'];
export type Relation = Schemas['Relation'];
export type Reason = Schemas['Reason'];
export type Decision = Schemas['Decision'];
export type DocumentSummary = Schemas['DocumentSummary'];
export type FieldEvidence = Schemas['FieldEvidence'];
export type SlipReading = Schemas['SlipReading'];
export type HistoryEntry = Schemas['HistoryEntry'];
export type GroupMembership = Schemas['GroupMembership'];
export type Declaration = Schemas['Declaration'];
export type Action = Schemas['Confirmation']['action'];

const headers = { 'X-Crossline-Station': '1' };
// Loopback answers at once; only a scan may wait for the server, and never longer than the agent's own limit.
const kStateTimeoutMs = 3_000;

const get = <T>(path: string) => request<T>('GET', path, { headers, timeoutMs: kStateTimeoutMs });
const post = <T>(path: string, body?: unknown) => request<T>('POST', path, { headers, body });

export const stationApi = {
  station: () => get<Station>('/station'),
  startShift: (shift: { officer: string; pin: string; direction: Direction; language: string }) => post<Station>('/shift', shift),
  endShift: () => post<Station>('/shift/end'),
  setDirection: (direction: Direction) => post<Station>('/direction', { direction }),
  setLanguage: (language: string) => post<Station>('/language', { language }),
  scan: (scan: { text: string; typed: boolean; category?: string; group?: GroupMembership; declared?: Declaration }) => post<Scan>('/scans', scan),
  confirmReading: (scanId: string) => post<Scan>(`/scans/${scanId}/reading`),
  chooseCategory: (scanId: string, category: string) => post<Scan>(`/scans/${scanId}/category`, { category }),
  confirmScan: (scanId: string, action: Action) => post<Scan>(`/scans/${scanId}/confirm`, { action }),
  startGroup: () => post<Group>('/groups'),
  closeGroup: (groupId: string) => post<Group>(`/groups/${groupId}/close`),
  confirmGroup: (groupId: string, action: Action) => post<Group>(`/groups/${groupId}/confirm`, { action }),
  cancelGroup: (groupId: string) => post<Station>(`/groups/${groupId}/cancel`),
  takeSlip: (text: string) => post<SlipReading>('/slips', { text }),
  undo: (journalIndex: number, reason: string) => post<HistoryEntry>('/undo', { journal_index: journalIndex, reason }),
  recent: () => get<{ entries: HistoryEntry[] }>('/history/recent'),
};

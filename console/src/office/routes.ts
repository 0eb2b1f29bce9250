// The pages of the office and who sees them. The address holds the page's name and nothing about anybody.
import type { Role } from '../api/server';

export const pages = ['line', 'find', 'between', 'cases', 'closures', 'quotas', 'statistics', 'procedure', 'ledger'] as const;
export type Page = (typeof pages)[number];

const everybody: Role[] = ['staff', 'shift_lead', 'supervisor', 'negotiator', 'auditor', 'administrator'];

/** As the API's `x-roles` have it. */
const roles: Record<Page, Role[]> = {
  line: everybody,
  find: ['supervisor'],
  between: ['shift_lead', 'supervisor'],
  cases: ['supervisor'],
  closures: everybody,
  quotas: ['shift_lead', 'supervisor', 'negotiator', 'auditor', 'administrator'],
  statistics: ['shift_lead', 'supervisor', 'negotiator', 'auditor', 'administrator'],
  procedure: everybody,
  ledger: everybody,
};

export function pagesFor(role: Role): Page[] {
  return pages.filter((page) => roles[page].includes(role));
}

/** The page that `hash` names, if this role may see it; else the role's own first page. */
export function pageOf(hash: string, role: Role): Page {
  const allowed = pagesFor(role);
  const named = pages.find((page) => hash === `#/${page}`);
  if (named && allowed.includes(named)) return named;
  return role === 'negotiator' ? 'statistics' : 'line';
}

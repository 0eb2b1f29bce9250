// Requests and answers of the stand-in.
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Request {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  cookie: string;
}

export interface Answer {
  status: number;
  body?: unknown;
  cookie?: string;
}

export const ok = (body: unknown, status = 200): Answer => ({ status, body });
export const problem = (status: number, code: string, detail: string, more: object = {}): Answer => ({
  status,
  body: { type: 'about:blank', title: code, status, code, detail, ...more },
});

export async function read(incoming: IncomingMessage): Promise<Request> {
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  let text = '';
  for await (const chunk of incoming) text += chunk;
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname.replace(/^\/api\/v1/, ''),
    query: url.searchParams,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    cookie: incoming.headers.cookie ?? '',
  };
}

export function write(response: ServerResponse, answer: Answer): void {
  response.statusCode = answer.status;
  if (answer.cookie) response.setHeader('Set-Cookie', answer.cookie);
  if (answer.body === undefined) {
    response.end();
    return;
  }
  response.setHeader('Content-Type', answer.status < 400 ? 'application/json' : 'application/problem+json');
  response.end(JSON.stringify(answer.body));
}

// One request to the API of this page's own origin.

/** What went wrong, with the stable code of the answer (RFC 9457), or `unreachable` when there was no answer. */
export class ApiProblem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly detail: string,
    readonly retryAfterMs: number | null = null,
  ) {
    super(`${code}: ${detail}`);
  }
}

export interface RequestOptions {
  body?: unknown;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

const kDefaultTimeoutMs = 15_000;

/** The parsed answer; null for an answer without content. Throws an ApiProblem and nothing else. */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(method, path, options);
  if (response.status === 204) return null as T;
  const body = await parsed(response);
  if (response.ok && body !== undefined) return body as T;
  throw problemOf(response.status, body);
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const headers = { ...options.headers };
  const init: RequestInit = {
    method,
    headers,
    credentials: 'same-origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(options.timeoutMs ?? kDefaultTimeoutMs),
  };
  if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(options.body);
  }
  try {
    return await fetch(`/api/v1${path}`, init);
  } catch (error) {
    throw unreachable(error);
  }
}

const unreachable = (error: unknown) => new ApiProblem('unreachable', 0, error instanceof Error ? error.message : String(error));

async function parsed(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw unreachable(error); // the time ran out, or the connection broke, in the middle of the answer
  }
}

function problemOf(status: number, body: unknown): ApiProblem {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const code = typeof problem['code'] === 'string' ? problem['code'] : 'unexpected_answer';
  const detail = typeof problem['detail'] === 'string' ? problem['detail'] : `HTTP status ${status}`;
  const retry = problem['retry_after_ms'];
  return new ApiProblem(code, status, detail, typeof retry === 'number' ? retry : null);
}

/** Whatever was thrown, as an ApiProblem. */
export function asProblem(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : new ApiProblem('page_error', 0, String(error));
}

/** What a client is told of its server. */
export interface ClientOptions {
  /** Such as `https://docs.example.com`, with the path it is under. */
  readonly url: string;
  /** Your token, or what gets one: it is asked before every request. None on an open server. */
  readonly token?: string | (() => string | Promise<string>);
  /** In place of the global one. */
  readonly fetch?: typeof fetch;
}

/** The server refused; `code` is one of docs/api.md and does not change, the message is for people. */
export class InkwireRefusal extends Error {
  override readonly name = 'InkwireRefusal';
  readonly status: number;
  readonly code: string;
  /** When to try again, seconds; `null` where that would not help. */
  readonly retryAfter: number | null;

  constructor(message: string, status: number, code: string, retryAfter: number | null) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** Asks a server; a refusal (RFC 9457) is thrown as `InkwireRefusal`. */
export class Connection {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const { url, token, fetch: send = fetch } = this.#options;
    const headers = new Headers(init.headers);
    const own = typeof token === 'function' ? await token() : token;
    if (own !== undefined && own !== '') headers.set('Authorization', `Bearer ${own}`);
    const response = await send(url.replace(/\/+$/, '') + path, { ...init, headers });
    if (response.ok) return response;
    throw await refusalOf(response);
  }

  async json<T>(path: string, init?: RequestInit): Promise<T> {
    return (await this.ask(path, init)).json() as Promise<T>;
  }
}

async function refusalOf(response: Response): Promise<InkwireRefusal> {
  const problem = (await response.json().catch(() => ({}))) as { title?: string; detail?: string; code?: string };
  const after = Number(response.headers.get('retry-after') ?? Number.NaN);
  const words = problem.detail ?? problem.title ?? `The server answered ${response.status}.`;
  return new InkwireRefusal(words, response.status, problem.code ?? 'unknown', Number.isFinite(after) ? after : null);
}

/** A request with a JSON body. */
export function jsonBody(method: string, body: unknown): RequestInit {
  return { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

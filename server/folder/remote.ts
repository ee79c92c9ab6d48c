/** A document as lists have it. */
export interface Listed {
  readonly version: number;
}

/** A document as Markdown. */
export interface RemoteText {
  readonly text: string;
  readonly version: number;
}

/** The server refused, or does not answer. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  /** HTTP status; `null` when nothing answered. */
  readonly status: number | null;
  /** Of the problem, such as `forbidden`. */
  readonly code: string | null;

  constructor(message: string, status: number | null, code: string | null) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Documents of a page of a list: as many as the API gives. */
const PAGE = 100;

/** How long a request may take, ms: a conversion and a commit. */
const TIMEOUT_MS = 70_000;

/** The documents of a server whose names begin with a prefix, over its HTTP API. */
export class Remote {
  readonly #server: { readonly url: string; readonly token: string };
  readonly #prefix: string;
  readonly #known = new Map<string, Listed>();
  /** When the youngest document that was listed was updated, as the API writes it. */
  #listedTo = '';

  constructor(server: { readonly url: string; readonly token: string }, prefix: string) {
    this.#server = server;
    this.#prefix = prefix;
  }

  /** All documents there are. */
  async list(): Promise<ReadonlyMap<string, Listed>> {
    this.#known.clear();
    this.#listedTo = '';
    await this.#readList(() => false);
    return this.#known;
  }

  /** Those that have changed since they were listed. A document that is gone is noticed by `list`. */
  async changed(): Promise<string[]> {
    const before = new Map(this.#known);
    const until = this.#listedTo;
    await this.#readList((updatedAt) => updatedAt < until);
    return [...this.#known].filter(([name, { version }]) => before.get(name)?.version !== version).map(([name]) => name);
  }

  /** What is known of a document since it was listed last. */
  listed(name: string): Listed | null {
    return this.#known.get(name) ?? null;
  }

  /** A document at this moment; `null` when there is none. */
  async read(name: string): Promise<RemoteText | null> {
    const response = await this.#ask(`/${encodeURIComponent(name)}/export?format=markdown`).catch((error: RemoteError) => {
      if (error.code === 'document-not-found') return null;
      throw error;
    });
    if (response === null) {
      this.#known.delete(name);
      return null;
    }
    const version = Number(response.headers.get('inkwire-version'));
    this.#known.set(name, { version });
    return { text: await response.text(), version };
  }

  /** Creates a document; false when there is one. */
  create(name: string, text: string): Promise<boolean> {
    return this.#ask(`?${new URLSearchParams({ name })}`, { method: 'POST', ...markdown(text) }).then(
      () => true,
      unless('document-exists'),
    );
  }

  /** Replaces a document's content; false when it has changed since this version. */
  async replace(name: string, text: string, version: number): Promise<boolean> {
    const { headers, body } = markdown(text);
    const asked = { method: 'PUT', headers: { ...headers, 'If-Match': `"${version}"` }, body };
    return this.#ask(`/${encodeURIComponent(name)}/content`, asked).then(() => true, unless('version-mismatch'));
  }

  async delete(name: string): Promise<void> {
    await this.#ask(`/${encodeURIComponent(name)}`, { method: 'DELETE' });
    this.#known.delete(name);
  }

  async #readList(isOld: (updatedAt: string) => boolean): Promise<void> {
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ limit: String(PAGE) });
      if (this.#prefix !== '') query.set('search', this.#prefix);
      if (cursor !== null) query.set('cursor', cursor);
      const page = (await (await this.#ask(`?${query}`)).json()) as {
        documents: { name: string; version: number; updatedAt: string }[];
        next: string | null;
      };
      for (const { name, version, updatedAt } of page.documents) {
        if (isOld(updatedAt)) return;
        if (updatedAt > this.#listedTo) this.#listedTo = updatedAt;
        if (name.startsWith(this.#prefix)) this.#known.set(name, { version });
      }
      cursor = page.next;
    } while (cursor !== null);
  }

  async #ask(path: string, init: RequestInit = {}): Promise<Response> {
    const { url, token } = this.#server;
    const headers = new Headers(init.headers);
    if (token !== '') headers.set('Authorization', `Bearer ${token}`);
    let response: Response;
    try {
      response = await fetch(`${url}/api/documents${path}`, { ...init, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (error) {
      const { cause } = error as Error;
      throw new RemoteError(`${url} does not answer${cause instanceof Error ? ` (${cause.message})` : ''}.`, null, null);
    }
    if (response.ok) return response;
    const said = (await response.json().catch(() => ({}))) as { title?: string; detail?: string; code?: string };
    const words =
      said.title === undefined
        ? `${url} answered ${response.status}, which is not how Inkwire answers.`
        : `${said.title} ${said.detail ?? ''}`;
    throw new RemoteError(words.trim(), response.status, said.code ?? null);
  }
}

/** Makes a refusal with this code a false, and leaves all others. */
function unless(code: string): (error: RemoteError) => boolean {
  return (error) => {
    if (error.code === code) return false;
    throw error;
  };
}

function markdown(text: string): { headers: Record<string, string>; body: string } {
  return { headers: { 'Content-Type': 'text/markdown; charset=utf-8' }, body: text };
}

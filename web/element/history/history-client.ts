import type { JSONContent } from '@tiptap/core';

/** A stretch of writing, as the server lists it. */
export interface Version {
  readonly version: number;
  readonly from: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly authors: readonly { readonly author: string | null; readonly name: string | null; readonly edits: number }[];
  readonly names: readonly NamedVersion[];
  /** What was done in it over HTTP. */
  readonly edits: readonly { readonly version: number; readonly kind: 'script' | 'undo' | 'restore' | 'import' }[];
}

export interface NamedVersion {
  readonly id: string;
  readonly version: number;
  readonly name: string;
}

/** What one author did without a longer pause. */
export interface Contribution {
  readonly author: string | null;
  readonly name: string | null;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly inserted: number;
  readonly deleted: number;
  readonly formatted: number;
}

/** What a version looks like, and what differs in it. */
export interface Shown {
  readonly content: JSONContent;
  /** The `id` of a mark is a place in it. */
  readonly contributions: readonly Contribution[];
}

/** Where the history is read. */
export interface HistorySettings {
  /** The server, without a slash at the end. */
  readonly server: string;
  readonly documentName: string;
  /** The token of this moment, or another one, when the server would not have that. */
  readonly token: (another: boolean) => Promise<string>;
}

/** What the server answered, in words for people. */
export class HistoryError extends Error {}

/** The history of a document over HTTP. Throws `HistoryError`, and what an aborted `fetch` throws. */
export class HistoryClient {
  readonly #settings: HistorySettings;

  constructor(settings: HistorySettings) {
    this.#settings = settings;
  }

  /** Stretches of writing that end before a version, the last first. */
  versions(before: number | null): Promise<{ readonly versions: readonly Version[]; readonly next: number | null }> {
    return this.#ask(`versions?limit=100${before === null ? '' : `&before=${before}`}`);
  }

  /** The version as it was; with `against` what became of that one until it. */
  async show(version: number, against: number | null, signal: AbortSignal): Promise<Shown> {
    if (version === 0) return { content: { type: 'doc', content: [] }, contributions: [] };
    if (against === null || against >= version) {
      const content = await this.#ask<JSONContent>(`versions/${version}?format=json`, { signal });
      return { content, contributions: [] };
    }
    return this.#ask<Shown>(`versions/${against}...${version}?blocks=0`, { signal });
  }

  /** Brings the content of a version back; resolves with the edit that did, `null` when nothing was to be changed. */
  async restore(version: number): Promise<string | null> {
    return (await this.#ask<{ id: string | null }>(`versions/${version}/restore`, { method: 'POST' })).id;
  }

  /** Takes back what was written after one version up to another; resolves with the edit that did, `null` when nothing was to be changed. */
  async undoVersions(from: number, to: number): Promise<string | null> {
    return (await this.#ask<{ id: string | null }>(`versions/${from}...${to}/undo`, { method: 'POST' })).id;
  }

  async undo(edit: string): Promise<void> {
    await this.#ask(`edits/${encodeURIComponent(edit)}/undo`, { method: 'POST' });
  }

  async name(version: number, name: string): Promise<void> {
    const body = JSON.stringify({ name, version });
    await this.#ask('versions', { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
  }

  async removeName(id: string): Promise<void> {
    await this.#ask(`version-names/${encodeURIComponent(id)}`, { method: 'DELETE' });
  }

  async #ask<T>(path: string, init: RequestInit = {}): Promise<T> {
    const { server, documentName, token } = this.#settings;
    const ask = async (another: boolean) => {
      const held = await token(another);
      const headers = new Headers(init.headers);
      if (held !== '') headers.set('Authorization', `Bearer ${held}`);
      const address = `${server}/api/documents/${encodeURIComponent(documentName)}/${path}`;
      return fetch(address, { ...init, headers, credentials: 'omit', referrerPolicy: 'no-referrer' });
    };
    let response: Response;
    try {
      response = await ask(false);
      if (response.status === 401) response = await ask(true);
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new HistoryError('The server can’t be reached. The text is safe; try again when it is back.');
    }
    if (response.status === 204) return undefined as T;
    const answer = (await response.json().catch(() => ({}))) as { detail?: string; title?: string };
    if (response.ok) return answer as T;
    throw new HistoryError(answer.detail ?? answer.title ?? `The server answered ${response.status}.`);
  }
}

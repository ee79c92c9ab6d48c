/** A document as lists show it. */
export interface ListedDocument {
  readonly name: string;
  readonly title: string;
  readonly updatedAt: string;
  readonly updatedBy: string | null;
  readonly present: readonly { readonly name: string; readonly color: string }[];
}

export interface DocumentsPage {
  readonly documents: readonly ListedDocument[];
  /** The cursor of the next page, `null` at the end. */
  readonly next: string | null;
}

/** A refusal by the HTTP API, in its own words, or that the server could not be reached (`code` null). */
export class ApiError extends Error {
  readonly code: string | null;

  constructor(message: string, code: string | null) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
  }
}

/** A page of documents, most recently edited first. Throws `ApiError`. */
export function listDocuments(options: { search?: string; cursor?: string }, signal?: AbortSignal): Promise<DocumentsPage> {
  const query = new URLSearchParams({ limit: '50' });
  if (options.search) query.set('search', options.search);
  if (options.cursor) query.set('cursor', options.cursor);
  return call<DocumentsPage>(`/api/documents?${query}`, signal === undefined ? {} : { signal });
}

/** Creates an empty document under a generated name. Throws `ApiError`. */
export function createDocument(): Promise<{ readonly name: string }> {
  return call('/api/documents', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' });
}

/** Deletes a document for everyone. Throws `ApiError`. */
export async function deleteDocument(name: string): Promise<void> {
  await call(`/api/documents/${encodeURIComponent(name)}`, { method: 'DELETE' });
}

/** Where a document can be downloaded in a format. */
export function exportUrl(name: string, format: string): string {
  return `/api/documents/${encodeURIComponent(name)}/export?format=${encodeURIComponent(format)}&download=1`;
}

async function call<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError('Can’t reach the server. Nothing was changed; try again when it is back.', null);
  }
  if (response.status === 204) return undefined as T;
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as T;
  const { title, detail, code } = (body ?? {}) as Record<string, unknown>;
  const words = typeof detail === 'string' ? detail : typeof title === 'string' ? title : `The server answered ${response.status}.`;
  throw new ApiError(words, typeof code === 'string' ? code : null);
}

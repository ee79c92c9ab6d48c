import type { AccessPatterns } from '../../protocol/identity.ts';
import type { Role } from '../../protocol/role.ts';
import { BASE } from './places.ts';

/** A document as lists show it. */
export interface ListedDocument {
  readonly name: string;
  readonly title: string;
  readonly updatedAt: string;
  readonly updatedBy: string | null;
  readonly present: readonly { readonly name: string; readonly color: string }[];
  /** What this browser's user may do with it. */
  readonly role: Role;
}

export interface DocumentsPage {
  readonly documents: readonly ListedDocument[];
  /** The cursor of the next page, `null` at the end. */
  readonly next: string | null;
}

/** Who a token speaks for. */
export interface SessionView {
  readonly mode: 'open' | 'tokens';
  readonly sub: string;
  readonly name: string;
  readonly access: AccessPatterns;
}

/** A link that gives whoever has it a role on a document. Times in ISO 8601; `expiresAt` null: until it is revoked. */
export interface ShareLink {
  readonly id: string;
  readonly role: Role;
  readonly expiresAt: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
}

/** A refusal by the HTTP API, in its own words, or that the server could not be reached (`code` and `status` null). */
export class ApiError extends Error {
  readonly code: string | null;
  /** Of the HTTP answer. */
  readonly status: number | null;

  constructor(message: string, code: string | null, status: number | null = null) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }
}

let currentToken: () => string | null = () => null;

/** From here on the API is called with this token (`null`: with none), asked for at every call. */
export function authorizeBy(token: () => string | null): void {
  currentToken = token;
}

/** Who a token speaks for (`null`: no token). Throws `ApiError`, with status 401 for a token the server refuses. */
export function readSession(token: string | null): Promise<SessionView> {
  return call('/api/session', {}, token);
}

/** A token for a visitor by share link; with `previousToken` they stay who they were. Throws `ApiError`. */
export function redeemShareLink(visit: { secret: string; name: string; previousToken?: string }): Promise<{ token: string; role: Role }> {
  return call('/api/share-links/redeem', { method: 'POST', ...json(visit) }, null);
}

/** The share links of a document that hold. Throws `ApiError`. */
export async function listShareLinks(documentName: string): Promise<readonly ShareLink[]> {
  return (await call<{ shareLinks: readonly ShareLink[] }>(shareLinksPath(documentName), {})).shareLinks;
}

/** Makes a share link; its `url`, a path with the secret, is told this once. Throws `ApiError`. */
export function createShareLink(
  documentName: string,
  link: { role: Role; expiresInSeconds?: number },
): Promise<ShareLink & { readonly url: string }> {
  return call(shareLinksPath(documentName), { method: 'POST', ...json(link) });
}

/** Throws `ApiError`. */
export function changeShareLink(documentName: string, id: string, change: { role: Role }): Promise<ShareLink> {
  return call(shareLinksPath(documentName, id), { method: 'PATCH', ...json(change) });
}

/** Throws `ApiError`. */
export async function revokeShareLink(documentName: string, id: string): Promise<void> {
  await call(shareLinksPath(documentName, id), { method: 'DELETE' });
}

/** A page of documents, most recently edited first. Throws `ApiError`. */
export function listDocuments(options: { search?: string; cursor?: string }, signal?: AbortSignal): Promise<DocumentsPage> {
  const query = new URLSearchParams({ limit: '50' });
  if (options.search) query.set('search', options.search);
  if (options.cursor) query.set('cursor', options.cursor);
  return call<DocumentsPage>(`/api/documents?${query}`, signal === undefined ? {} : { signal });
}

/** Somebody who wrote. */
export interface Writer {
  readonly author: string | null;
  readonly name: string | null;
}

/** Who wrote what is there, or deleted what was there, between two versions. Throws `ApiError`. */
export async function writersBetween(name: string, from: number, to: number): Promise<readonly Writer[]> {
  const path = `/api/documents/${encodeURIComponent(name)}/versions/${from}...${to}?blocks=0`;
  const { contributions } = await call<{ contributions: readonly (Writer & Record<'inserted' | 'deleted' | 'formatted', number>)[] }>(
    path,
    {},
  );
  return contributions.filter(({ inserted, deleted, formatted }) => inserted + deleted + formatted > 0);
}

/** The version a document is at. Throws `ApiError`. */
export async function readVersion(name: string): Promise<number> {
  return (await call<{ version: number }>(`/api/documents/${encodeURIComponent(name)}`, { keepalive: true })).version;
}

/** Creates an empty document under a generated name. Throws `ApiError`. */
export function createDocument(): Promise<{ readonly name: string }> {
  return call('/api/documents', { method: 'POST', ...json({}) });
}

/** Deletes a document for everyone. Throws `ApiError`. */
export async function deleteDocument(name: string): Promise<void> {
  await call(`/api/documents/${encodeURIComponent(name)}`, { method: 'DELETE' });
}

/** A document in a format, under the file name the server gives it. Throws `ApiError`. */
export async function exportDocument(name: string, format: string): Promise<File> {
  const response = await request(`/api/documents/${encodeURIComponent(name)}/export?format=${encodeURIComponent(format)}&download=1`, {});
  const disposition = response.headers.get('content-disposition') ?? '';
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename="((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1];
  return new File([await response.blob()], encoded === undefined ? (plain ?? name) : decodeURIComponent(encoded));
}

function shareLinksPath(documentName: string, id?: string): string {
  const path = `/api/documents/${encodeURIComponent(documentName)}/share-links`;
  return id === undefined ? path : `${path}/${encodeURIComponent(id)}`;
}

function json(body: unknown): RequestInit {
  return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

/** What has come of a file that is being imported: how much of it is sent (0–1), or that the server reads it. */
export type ImportProgress = { readonly sent: number } | 'reading';

/** Makes a document of a file that the server reads; `title` where it carries none. Throws `ApiError`, or an `AbortError` once `signal` is aborted. */
export function importDocument(
  { body, mediaType, title }: { body: Blob; mediaType: string; title: string | null },
  onProgress: (progress: ImportProgress) => void,
  signal: AbortSignal,
): Promise<{ readonly name: string }> {
  // `fetch` does not say how much of a body is sent.
  const request = new XMLHttpRequest();
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly name: string }>();
  request.open('POST', `${BASE}/api/documents${title === null ? '' : `?${new URLSearchParams({ title })}`}`);
  request.setRequestHeader('Content-Type', mediaType);
  const token = currentToken();
  if (token !== null) request.setRequestHeader('Authorization', `Bearer ${token}`);
  request.upload.addEventListener('progress', ({ loaded, total }) => onProgress({ sent: loaded / total }));
  request.upload.addEventListener('load', () => onProgress('reading'));
  request.addEventListener('load', () => {
    const answer = parsed(request.responseText);
    if (request.status === 201) resolve(answer as { name: string });
    else reject(refusal(answer, request.status));
  });
  request.addEventListener('error', () => reject(unreachable()));
  request.addEventListener('abort', () => reject(new DOMException('The import was cancelled.', 'AbortError')));
  signal.addEventListener('abort', () => request.abort(), { once: true });
  request.send(body);
  return promise;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function call<T>(path: string, init: RequestInit, token?: string | null): Promise<T> {
  const response = await request(path, init, token);
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

async function request(path: string, init: RequestInit, token: string | null = currentToken()): Promise<Response> {
  const headers = new Headers(init.headers);
  if (token !== null) headers.set('Authorization', `Bearer ${token}`);
  let response: Response;
  try {
    response = await fetch(BASE + path, { ...init, headers });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw unreachable();
  }
  if (response.ok) return response;
  throw refusal(await response.json().catch(() => null), response.status);
}

const unreachable = () => new ApiError('Can’t reach the server. Nothing was changed; try again when it is back.', null);

/** The server's own words (`application/problem+json`), as far as it found any. */
function refusal(body: unknown, status: number): ApiError {
  const { title, detail, code } = (body ?? {}) as Record<string, unknown>;
  const words = typeof detail === 'string' ? detail : typeof title === 'string' ? title : `The server answered ${status}.`;
  return new ApiError(words, typeof code === 'string' ? code : null, status);
}

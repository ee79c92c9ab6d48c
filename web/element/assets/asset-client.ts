import { type AssetAddress, assetPath } from '../../../protocol/assets.ts';
import type { AssetSettings, UploadedFile, UploadOptions } from './asset-settings.ts';

/** Why a picture or file could not be had or uploaded. */
export class AssetError extends Error {
  /** Whether it may go well later, by itself: the network is gone, the server is busy or asks for another token. */
  readonly passes: boolean;
  /** The same file will never be taken. */
  readonly final: boolean;

  constructor(message: string, passes: boolean, final = false) {
    super(message);
    this.passes = passes;
    this.final = final;
  }
}

/** What the server says of an upload. */
interface AssetView {
  readonly url: string;
  readonly picture: boolean;
}

const PASSING = new Set([0, 408, 429, 500, 502, 503, 504]);

/** Files larger than this are not sent before it is known whether the server takes them. */
const SMALL_BYTES = 1024 * 1024;

/** Pictures and files over HTTP, with the token that the session has. An address never holds one. */
export class AssetClient {
  readonly #settings: AssetSettings;
  #maxBytes: Promise<number> | null = null;

  constructor(settings: AssetSettings) {
    this.#settings = settings;
  }

  /** The bytes of a picture or file. */
  async load(address: AssetAddress, signal?: AbortSignal): Promise<Blob> {
    const response = await this.#ask(assetPath(address), signal);
    if (response.ok) return response.blob().catch(offline);
    if (response.status === 401) throw new AssetError('Sign in to see this picture', true);
    if (response.status === 403) throw new AssetError('You may not see this picture', false);
    throw new AssetError('This picture is not there any more', PASSING.has(response.status));
  }

  async upload(file: File, options: UploadOptions): Promise<UploadedFile> {
    const most = file.size > SMALL_BYTES ? await this.#most(options.signal) : Number.POSITIVE_INFINITY;
    if (file.size > most) throw tooLarge(file, most);
    let answer = await this.#send(file, await this.#settings.token(false), options);
    if (answer.status === 401) answer = await this.#send(file, await this.#settings.token(true), options);
    if (answer.status === 201) {
      const { url, picture } = JSON.parse(answer.text) as AssetView;
      return { src: url, picture };
    }
    throw await this.#refusal(file, answer, options.signal);
  }

  #send(file: File, token: string, { signal, onProgress }: UploadOptions): Promise<{ status: number; text: string }> {
    const { server, documentName } = this.#settings;
    const form = new FormData();
    form.set('file', file, file.name);
    return new Promise((done, fail) => {
      signal.throwIfAborted();
      // A fetch says nothing of what has gone up.
      const request = new XMLHttpRequest();
      request.open('POST', `${server}/api/documents/${encodeURIComponent(documentName)}/assets`);
      if (token !== '') request.setRequestHeader('Authorization', `Bearer ${token}`);
      request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
      request.onload = () => done({ status: request.status, text: request.responseText });
      request.onerror = () => done({ status: 0, text: '' });
      request.onabort = () => fail(signal.reason);
      signal.addEventListener('abort', () => request.abort(), { once: true });
      request.send(form);
    });
  }

  async #refusal(file: File, { status, text }: { status: number; text: string }, signal: AbortSignal): Promise<AssetError> {
    const { code, detail } = problemIn(text);
    if (code === 'document-too-large') return new AssetError('the pictures and files of this document have reached their limit', false);
    if (status === 413) return tooLarge(file, await this.#most(signal));
    if (status === 415) return new AssetError(detail ?? 'this kind of file is not taken', false, true);
    if (status === 401) return new AssetError('sign in again, and it is tried once more', true);
    if (status === 403) return new AssetError('you may not change this document', false);
    if (status === 410) return new AssetError('the document was deleted', false);
    if (status === 0) return new AssetError('the server cannot be reached', true);
    return new AssetError('the server could not take it', PASSING.has(status));
  }

  /** The largest file the server takes. */
  #most(signal: AbortSignal): Promise<number> {
    this.#maxBytes ??= this.#ask('/api/session', signal)
      .then((response) => response.json() as Promise<{ maxAssetBytes?: number }>)
      .then(({ maxAssetBytes }) => maxAssetBytes ?? Number.POSITIVE_INFINITY);
    this.#maxBytes.catch(() => {
      this.#maxBytes = null;
    });
    return this.#maxBytes;
  }

  async #ask(path: string, signal?: AbortSignal): Promise<Response> {
    const ask = async (another: boolean) => {
      const token = await this.#settings.token(another);
      const headers = token === '' ? {} : { Authorization: `Bearer ${token}` };
      const init = { headers, credentials: 'omit', referrerPolicy: 'no-referrer', signal: signal ?? null } as const;
      return fetch(this.#settings.server + path, init).catch((error: unknown) => (signal?.aborted ? Promise.reject(error) : offline()));
    };
    const response = await ask(false);
    return response.status === 401 ? ask(true) : response;
  }
}

function offline(): never {
  throw new AssetError('The server cannot be reached', true);
}

function problemIn(text: string): { code?: string; detail?: string } {
  try {
    return JSON.parse(text) as { code?: string; detail?: string };
  } catch {
    return {};
  }
}

function tooLarge({ size }: File, most: number): AssetError {
  return new AssetError(`it has ${bytesInWords(size)}, and at most ${bytesInWords(most)} are taken`, false, true);
}

/** "1.4 MB", as the person's language writes the number. */
export function bytesInWords(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** step;
  const format = { style: 'unit', unit: units[step], unitDisplay: 'short', maximumFractionDigits: value < 10 && step > 0 ? 1 : 0 } as const;
  return new Intl.NumberFormat(undefined, format as Intl.NumberFormatOptions).format(value);
}

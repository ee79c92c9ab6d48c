import { Readable } from 'node:stream';
import { AwsV4Signer } from 'aws4fetch';
import { InkwireError } from '../../protocol/errors.ts';
import type { ObjectStore } from './asset-store.ts';

export interface S3Options {
  /** The bucket, with what the keys are put behind: `https://s3.example.com/bucket/prefix`. */
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Longest time until an answer begins, ms. */
const ANSWER_TIMEOUT_MS = 30_000;

/** SHA-256 of nothing. */
const EMPTY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Objects in S3-compatible storage, by signed requests (SigV4). Of the many things it can do, three are asked. */
export function openS3(options: S3Options): ObjectStore {
  const base = options.url.replace(/\/+$/, '');
  const { accessKeyId, secretAccessKey, region } = options;

  async function ask(method: string, key: string, headers: Record<string, string>, body?: ReadableStream): Promise<Response> {
    const url = `${base}/${key}`;
    const signed = await new AwsV4Signer({ method, url, headers, service: 's3', region, accessKeyId, secretAccessKey }).sign();
    const timeout = new AbortController();
    // What is sent takes as long as it takes.
    const timer = body === undefined ? setTimeout(() => timeout.abort(), ANSWER_TIMEOUT_MS) : undefined;
    const sent = body === undefined ? {} : { body, duplex: 'half' };
    const init = { method, headers: signed.headers, redirect: 'error', signal: timeout.signal, ...sent } as RequestInit;
    return fetch(url, init)
      .catch((cause: unknown) => {
        throw unavailable('it does not answer', cause);
      })
      .finally(() => clearTimeout(timer));
  }

  return {
    async put(key, bytes, size, hash) {
      // The hash is checked there: what arrives damaged is refused.
      const headers = { 'Content-Length': String(size), 'Content-Type': 'application/octet-stream', 'X-Amz-Content-Sha256': hash };
      const body = Readable.toWeb(Readable.from(bytes, { objectMode: false })) as ReadableStream;
      const response = await ask('PUT', key, headers, body);
      if (!response.ok) throw unavailable(await reasonOf(response));
      await response.body?.cancel();
    },
    async *get(key, from, to) {
      if (to <= from) return;
      const response = await ask('GET', key, { Range: `bytes=${from}-${to - 1}`, 'X-Amz-Content-Sha256': EMPTY_HASH });
      if (response.status === 404 || response.status === 416) {
        await response.body?.cancel();
        return;
      }
      if (response.status !== 206) throw unavailable(await reasonOf(response));
      let left = to - from;
      try {
        for await (const piece of response.body ?? []) {
          // Some send more than they were asked for.
          if (left > 0) yield (piece as Uint8Array).subarray(0, left);
          left -= piece.length;
        }
      } catch (cause) {
        throw unavailable('it broke off', cause);
      }
    },
    async remove(key) {
      const response = await ask('DELETE', key, { 'X-Amz-Content-Sha256': EMPTY_HASH });
      if (!response.ok && response.status !== 404) throw unavailable(await reasonOf(response));
      await response.body?.cancel();
    },
  };
}

/** The cause is for the operator; it holds neither key nor signature. */
function unavailable(reason: string, failure?: unknown): InkwireError {
  const cause = failure instanceof Error && failure.cause instanceof Error ? failure.cause : failure;
  const detail = cause instanceof Error && cause.message !== '' ? `: ${cause.message}` : '';
  return new InkwireError('storage-unavailable', undefined, { cause: new Error(reason + detail) });
}

async function reasonOf(response: Response): Promise<string> {
  const [, code = ''] = /<Code>(\w{1,64})<\/Code>/.exec(await response.text().catch(() => '')) ?? [];
  return `it answers ${response.status}${code === '' ? '' : ` ${code}`}`;
}

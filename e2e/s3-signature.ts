import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';

interface Signer {
  sign(
    request: Record<string, unknown>,
    options: { signingDate: Date; signableHeaders: Set<string> },
  ): Promise<{ headers: Record<string, string> }>;
}

/** AWS' own implementation; the one under test is another. */
const { SignatureV4 } = createRequire(import.meta.url)('@smithy/signature-v4') as {
  SignatureV4: new (options: Record<string, unknown>) => Signer;
};

class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: Uint8Array) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest());
  }
}

export interface S3Key {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** S3's code for what is wrong with a request's signature, or with its body, which the signature speaks for; `null` when nothing is. */
export async function signatureFault({ method, url, headers }: IncomingMessage, body: Uint8Array, key: S3Key): Promise<string | null> {
  const { region, accessKeyId, secretAccessKey } = key;
  const given = headers.authorization ?? '';
  const signed = /SignedHeaders=([^,]+)/.exec(given)?.[1]?.split(';') ?? [];
  if (!given.includes(`Credential=${accessKeyId}/`)) return 'InvalidAccessKeyId';
  const [hostname, port] = (headers.host ?? '').split(':');
  const { pathname, searchParams } = new URL(url ?? '/', 'http://s3');
  const request = {
    ...{ method, protocol: 'http:', hostname, port: Number(port), path: pathname, query: Object.fromEntries(searchParams) },
    headers: Object.fromEntries(signed.map((name) => [name, String(headers[name])])),
  };
  const date = String(headers['x-amz-date']).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const signer = new SignatureV4({
    ...{ credentials: { accessKeyId, secretAccessKey }, region, service: 's3', sha256: Sha256 },
    ...{ uriEscapePath: false, applyChecksum: false },
  });
  const right = await signer.sign(request, { signingDate: new Date(date), signableHeaders: new Set(signed) });
  if (right.headers.authorization !== given) return 'SignatureDoesNotMatch';
  return headers['x-amz-content-sha256'] === createHash('sha256').update(body).digest('hex') ? null : 'XAmzContentSHA256Mismatch';
}

import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:https';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { ConfigError } from '../config.ts';

/** Where a certificate, with its chain, and its private key lie; PEM. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** How often the files are looked at, ms. */
const LOOK_INTERVAL_MS = 2_000;

/** TLS 1.0 and 1.1 are broken (RFC 8996). */
const MIN_VERSION = 'TLSv1.2';

/** A certificate as it was read, and where it can be read again. */
export interface Certificate {
  readonly files: CertificateFiles;
  readonly context: SecureContextOptions;
}

/**
 * Reads a certificate and its key, and checks that they belong together; `null` when neither is named.
 * A `ConfigError` otherwise, which says why.
 */
export async function readCertificate(files: CertificateFiles): Promise<Certificate | null> {
  const { cert, key } = files;
  if (cert === '' && key === '') return null;
  if (cert === '' || key === '') {
    throw new ConfigError('INKWIRE_TLS_CERT (--tls-cert) and INKWIRE_TLS_KEY (--tls-key) go together: HTTPS needs both.');
  }
  try {
    const context = { cert: await readFile(cert), key: await readFile(key), minVersion: MIN_VERSION } as const;
    createSecureContext(context);
    return { files, context };
  } catch (error) {
    throw new ConfigError(`The certificate ${cert} with the key ${key} cannot be used: ${(error as Error).message}.`, { cause: error });
  }
}

/** What becomes of a certificate whose files have changed. */
export interface CertificateEvents {
  onReload(): void;
  /** It cannot be used; the last good one stays. */
  onError(error: unknown): void;
}

/**
 * Has the server take up the certificate whenever its files change; connections go on with the one
 * they began with. A pair that cannot be used – half of it is written, say – leaves the last good one in
 * place. The files are looked at by name every two seconds, because a watch on a file follows the old one
 * through a rename, and one on a folder hears nothing on many network file systems and through links.
 * Returns how to stop.
 */
export function followCertificate(
  server: Pick<Server, 'setSecureContext'>,
  files: CertificateFiles,
  { onReload, onError }: CertificateEvents,
  intervalMs: number = LOOK_INTERVAL_MS,
): () => void {
  let reading = Promise.resolve();
  let stopped = false;
  const reload = async () => {
    try {
      const certificate = await readCertificate(files);
      if (stopped || certificate === null) return;
      server.setSecureContext(certificate.context);
      onReload();
    } catch (error) {
      if (!stopped) onError(error);
    }
  };
  const onChange = () => {
    // One after the other: an older pair must not come last.
    reading = reading.then(reload);
  };
  for (const file of [files.cert, files.key]) watchFile(file, { interval: intervalMs, persistent: false }, onChange);
  return () => {
    stopped = true;
    for (const file of [files.cert, files.key]) unwatchFile(file, onChange);
  };
}

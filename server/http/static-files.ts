import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getMimeType } from 'hono/utils/mime';

/** A file of the web part, ready to be sent. */
export interface StaticFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  /** Strong ETag, quoted. */
  readonly etag: string;
}

/** Plain names only: no percent escapes, no dot files, no way up. */
const SAFE_PATH = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

/** Addresses from the root of the host, in pages and style sheets as the build writes them. */
const FROM_ROOT = /((?:href|src)="|url\()\/(?!\/)/g;

/**
 * Reads files under `root` by relative path; `null` when there is none. What pages and style sheets name is under `basePath`. Read afresh each time, so a
 * build that finishes while the server runs is served at once; they are few and below a megabyte.
 */
export function staticFiles(root: string | URL, basePath: string): (path: string) => Promise<StaticFile | null> {
  const directory = typeof root === 'string' ? root : fileURLToPath(root);
  return async (path) => {
    if (!SAFE_PATH.test(path)) return null;
    try {
      const file = await readFile(join(directory, path));
      const isBased = basePath !== '' && /\.(?:html|css)$/.test(path);
      const body = isBased ? Buffer.from(file.toString().replaceAll(FROM_ROOT, `$1${basePath}/`)) : file;
      const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
      return { body: new Uint8Array(body), contentType: getMimeType(path) ?? 'application/octet-stream', etag };
    } catch (error) {
      if (['ENOENT', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
      throw error;
    }
  };
}

import { createHash } from 'node:crypto';
import { InkwireError } from '../../protocol/errors.ts';
import { readArchive } from './archive.ts';
import type { Manifest, TableEnd } from './manifest.ts';

/** Reads a whole backup and compares every table with what is said of it. Returns its manifest; rejects with `bad-content` when anything is not as it was written. */
export async function checkArchive(path: string): Promise<Manifest> {
  let manifest: Manifest | null = null;
  let hash = createHash('sha256');
  let bytes = 0;
  let tables = 0;
  let ended = false;
  for await (const { kind, payload } of readArchive(path)) {
    if (kind === 'manifest') manifest = JSON.parse(payload.toString()) as Manifest;
    else if (kind === 'table') {
      hash = createHash('sha256');
      bytes = 0;
    } else if (kind === 'rows') {
      hash.update(payload);
      bytes += payload.length;
    } else if (kind === 'table-end') {
      const end = JSON.parse(payload.toString()) as TableEnd;
      if (end.bytes !== bytes || end.sha256 !== hash.digest('hex')) throw incomplete(path);
      tables += 1;
    } else ended = true;
  }
  if (manifest === null || !ended || tables !== manifest.tables.length) throw incomplete(path);
  return manifest;
}

function incomplete(path: string): InkwireError {
  return new InkwireError('bad-content', `${path} is not complete.`);
}

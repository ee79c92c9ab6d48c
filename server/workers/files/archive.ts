import { type Zippable, zipSync } from 'fflate';

/** When every file of an archive was changed: the same document makes the same bytes. The earliest that an archive can say. */
const NO_TIME = new Date(1980, 0, 1);

/** Files as a zip whose first one says what it is, uncompressed, so that its first bytes tell (OpenDocument 1.3, part 2, section 3.3; OCF 3.3, section 4.2.1). */
export function archiveOf(mediaType: string, files: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const zip: Zippable = { mimetype: [new TextEncoder().encode(mediaType), { level: 0, mtime: NO_TIME }] };
  for (const [path, file] of Object.entries(files)) {
    const isPicture = /\.(?:png|jpg|gif|webp|avif)$/.test(path);
    const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file;
    zip[path] = [bytes, { level: isPicture ? 0 : 6, mtime: NO_TIME }];
  }
  return zipSync(zip);
}

const MAX_CHARACTERS = 120;
const MAX_EXTENSION = 12;

/** What no common file system takes in a name, and what reorders or hides text around it (control and bidirectional characters). */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}/\\:*?"<>|]+/gu;

/** A file's name as it may be stored and shown: its last segment, on one line, bounded, neither hidden nor a path. `fallback` when nothing is left. */
export function cleanFileName(name: string, fallback: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const cleaned = last
    .normalize('NFC')
    .replace(FORBIDDEN, ' ')
    .replace(/\s+/gu, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  const [stem, extension] = /^(.+)(\.[^. ]{1,12})$/u.exec(cleaned)?.slice(1) ?? [cleaned, ''];
  const short = Array.from(stem!)
    .slice(0, MAX_CHARACTERS - MAX_EXTENSION)
    .join('')
    .trimEnd();
  return short === '' ? fallback : short + extension;
}

/** Text as lists search it: compatibility forms and case folded. */
export function foldCase(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** Text that Postgres accepts: it refuses NUL and half of a surrogate pair, and one refused value would fail its whole batch. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

/** Texts as a Postgres array literal. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : `"${value.replace(/["\\]/g, '\\$&')}"`)).join(',')}}`;
}

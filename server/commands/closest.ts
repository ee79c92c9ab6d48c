/** Edits between two words: insertions, deletions, replacements. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** The known word that was probably meant: the nearest within a third of its length, or the shortest that begins so. */
export function closest(word: string, known: readonly string[]): string | undefined {
  const nearest = known
    .map((candidate) => ({ candidate, edits: distance(word, candidate) }))
    .sort((a, b) => a.edits - b.edits)
    .find(({ candidate, edits }) => edits <= Math.max(2, candidate.length / 3) && edits < candidate.length);
  const begins = known.filter((candidate) => word.length >= 2 && candidate.startsWith(word)).sort((a, b) => a.length - b.length);
  return nearest?.candidate ?? begins[0];
}

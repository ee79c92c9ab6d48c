/** The document a path names (`/d/{name}`, percent-encoded), or `null` for every other path. */
export function documentNameIn(path: string): string | null {
  const encoded = /^\/d\/([^/]+)\/?$/.exec(path)?.[1];
  if (encoded === undefined) return null;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}

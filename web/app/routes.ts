/** Where a path leads: a document's page (`/d/{name}`), the frame to embed (`/embed/{name}`), or the list. */
export type Route =
  | { readonly page: 'document'; readonly name: string }
  | { readonly page: 'embed'; readonly name: string }
  | { readonly page: 'documents' };

/** The route of a path; every path that is no document's leads to the list. */
export function routeOf(path: string): Route {
  const [, page, encoded] = /^\/(d|embed)\/([^/]+)\/?$/.exec(path) ?? [];
  if (encoded === undefined) return { page: 'documents' };
  try {
    return { page: page === 'd' ? 'document' : 'embed', name: decodeURIComponent(encoded) };
  } catch {
    return { page: 'documents' };
  }
}

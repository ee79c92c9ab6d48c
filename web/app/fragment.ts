/** What a link brought along behind its `#`, where no server sees it. */
export interface Secrets {
  /** The secret of a share link. */
  readonly share: string | null;
  /** A token, for `/embed`. */
  readonly token: string | null;
}

/** The secrets in a URL's fragment (`#share=…`, `#token=…`), `null` where there is none. */
export function secretsIn(fragment: string): Secrets {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ''));
  return { share: parameters.get('share') || null, token: parameters.get('token') || null };
}

/** Takes the secrets out of the address bar, before it can be photographed, bookmarked or passed on. */
export function takeSecrets(): Secrets {
  const secrets = secretsIn(location.hash);
  if (secrets.share !== null || secrets.token !== null) history.replaceState(null, '', location.pathname + location.search);
  return secrets;
}

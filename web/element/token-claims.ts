/** What a token says of its bearer; for display only, since nothing here checks its signature. */
export interface TokenClaims {
  readonly sub: string;
  readonly name: string;
  /** Document names or prefixes, and the role for each, as the token says. */
  readonly access: Readonly<Record<string, unknown>>;
}

/** The claims of a JWT; `null` for anything else, such as the token of a guest. */
export function claimsOf(token: string): TokenClaims | null {
  const payload = token.split('.')[1];
  if (payload === undefined) return null;
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
    const { sub, name, access } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    if (typeof sub !== 'string' || typeof name !== 'string') return null;
    return { sub, name, access: typeof access === 'object' && access !== null ? (access as Record<string, unknown>) : {} };
  } catch {
    return null;
  }
}

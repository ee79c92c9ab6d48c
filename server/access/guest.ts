import type { Identity } from '../../protocol/identity.ts';
import { displayName } from './display-name.ts';

/** The start of an open server's token; the display name follows, percent-encoded. */
const PREFIX = 'guest:';

const NAMELESS = 'Guest';

/**
 * Who a token speaks for on an open server: nobody is checked, a guest may do all and say how they
 * are called, and the log shows it. Stock providers send an empty token and are "Guest".
 */
export function guestOf(token: string): Identity {
  const name = token.startsWith(PREFIX) ? decodedName(token.slice(PREFIX.length)) : NAMELESS;
  return {
    sub: name,
    name,
    verified: false,
    tokenId: null,
    shareLink: null,
    issuedAt: null,
    expiresAt: null,
    access: { '*': 'admin' },
  };
}

function decodedName(encoded: string): string {
  try {
    return displayName(decodeURIComponent(encoded), NAMELESS);
  } catch {
    return NAMELESS;
  }
}

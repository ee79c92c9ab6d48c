/** The start of an open server's token; the display name follows, percent-encoded. */
const PREFIX = 'guest:';

const MAX_NAME_CHARACTERS = 80;

/**
 * Who a token speaks for on an open server: nobody is checked, a guest may say how they are called,
 * and the log shows it. Stock providers send an empty token and are "Guest".
 */
export function guestOf(token: string): { author: string; readOnly: boolean } {
  return { author: token.startsWith(PREFIX) ? displayName(token.slice(PREFIX.length)) : 'Guest', readOnly: false };
}

function displayName(encoded: string): string {
  try {
    const name = decodeURIComponent(encoded)
      .replaceAll(/\p{Cc}/gu, '')
      .trim();
    return name === '' ? 'Guest' : name.slice(0, MAX_NAME_CHARACTERS);
  } catch {
    return 'Guest';
  }
}

/** Who someone is while the server is open to all: kept in their browser, trusted for nothing. */
export interface Guest {
  /** Random and stable in this browser; decides the colour. */
  readonly id: string;
  readonly name: string;
}

/** The part of `localStorage` that is used; reading and writing may throw (private mode, quota). */
export type GuestStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** This browser's storage; where it is blocked (a sandboxed frame), one that forgets: the guest then lasts as long as the page. */
export function browserStorage(): GuestStorage {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem: () => {} };
  }
}

const KEY = 'inkwire.guest';
/** Characters; longer names are cut. */
export const MAX_GUEST_NAME = 40;

const MANNERS = ['Quiet', 'Early', 'Patient', 'Bright', 'Curious', 'Gentle', 'Steady', 'Merry', 'Clever', 'Kind', 'Lively', 'Calm'];
const BIRDS = ['Heron', 'Wren', 'Plover', 'Swift', 'Finch', 'Curlew', 'Kestrel', 'Lark', 'Dipper', 'Avocet', 'Crane', 'Robin'];

/** The guest of this browser; one with a friendly name is made, and kept, when there is none. `random` gives [0, 1). */
export function loadGuest(storage: GuestStorage, newId: () => string, random: () => number): Guest {
  const stored = read(storage);
  if (stored !== null) return stored;
  const guest = { id: newId(), name: friendlyName(random) };
  saveGuest(storage, guest);
  return guest;
}

/** Keeps the guest; a storage that refuses is ignored: the name then lasts as long as the page. */
export function saveGuest(storage: GuestStorage, guest: Guest): void {
  try {
    storage.setItem(KEY, JSON.stringify(guest));
  } catch {}
}

/** A display name as it may be shown: one line, trimmed, bounded; `null` when nothing is left. */
export function cleanName(name: string): string | null {
  const cleaned = [
    ...name
      .replace(/(?:(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}])+/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  ]
    .slice(0, MAX_GUEST_NAME)
    .join('')
    .trim();
  return cleaned === '' ? null : cleaned;
}

/** One or two letters for an avatar. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '');
  return letters.join('').toLocaleUpperCase() || '?';
}

/** The token a guest connects with while the server is open. */
export function guestToken(name: string): string {
  return `guest:${encodeURIComponent(name.toWellFormed())}`;
}

function read(storage: GuestStorage): Guest | null {
  try {
    const value: unknown = JSON.parse(storage.getItem(KEY) ?? 'null');
    if (typeof value !== 'object' || value === null) return null;
    const { id, name } = value as Record<string, unknown>;
    const cleaned = typeof name === 'string' ? cleanName(name) : null;
    return typeof id === 'string' && id !== '' && cleaned !== null ? { id, name: cleaned } : null;
  } catch {
    return null;
  }
}

function friendlyName(random: () => number): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)]!;
  return `${pick(MANNERS)} ${pick(BIRDS)}`;
}

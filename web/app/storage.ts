import { BASE } from './places.ts';

/** Where something is kept in this browser: until its tab is closed, or until it is removed. */
type Place = 'sessionStorage' | 'localStorage';

/** What is stored under `key` for this server, or `null`; also where storage is blocked, as in some frames. */
export function stored(place: Place, key: string): string | null {
  try {
    return globalThis[place].getItem(BASE + key);
  } catch {
    return null;
  }
}

/** Stores a value, or removes it (`null`). A storage that refuses is ignored: the value then lasts as long as the page. */
export function store(place: Place, key: string, value: string | null): void {
  try {
    if (value === null) globalThis[place].removeItem(BASE + key);
    else globalThis[place].setItem(BASE + key, value);
  } catch {}
}

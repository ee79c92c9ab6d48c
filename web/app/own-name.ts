import { browserStorage, cleanName, loadGuest, saveGuest } from '../element/people/guest.ts';
import { store, stored } from './storage.ts';

/** Set once somebody has said what they want to be called; before that the name is one we made up. */
const KEY = 'inkwire.named';

/** The name others see of somebody who did not sign in. */
export function chosenName(): string {
  return guest().name;
}

/** Whether they were asked. */
export function nameWasChosen(): boolean {
  return stored('localStorage', KEY) !== null;
}

/** Keeps a name; the one there was when nothing is left of it. Returns the name that counts. */
export function chooseName(name: string): string {
  const chosen = cleanName(name) ?? chosenName();
  saveGuest(browserStorage(), { ...guest(), name: chosen });
  store('localStorage', KEY, '1');
  return chosen;
}

function guest() {
  return loadGuest(browserStorage(), () => crypto.randomUUID(), Math.random);
}

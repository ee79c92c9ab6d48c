import { DISTURBANCES, type Place } from './disturbances.ts';

/**
 * Disturbs a server from a process of its own, so that what it takes to make a disturbance holds up
 * nobody else: told what and where it gets ready and says whether it can (`ready`), told to go on it does
 * so and says how long that took, ms (`took`).
 */
export type Told = { readonly what: string; readonly place: Place } | 'go';
export type Said = { readonly ready: boolean } | { readonly took: number };

let act: (() => Promise<unknown>) | null = null;

process.on('message', async (told: Told) => {
  if (told === 'go') {
    const begun = performance.now();
    await act?.();
    say({ took: performance.now() - begun });
  } else {
    act = await DISTURBANCES[told.what]!(told.place);
    say({ ready: act !== null });
  }
});

function say(said: Said): void {
  process.send!(said);
}

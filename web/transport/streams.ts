/** So many answers of one server are held open by all pages of a browser, which has six connections to it over HTTP/1.1. */
const STREAMS = 4;

/** Whether connections to this server are few, as they are in browsers: over HTTP/2 and later one carries all requests. */
export function isShared(address: string): boolean {
  if (!('document' in globalThis) || !('locks' in navigator)) return false;
  const entry = performance.getEntriesByName(address, 'resource').at(-1) as PerformanceResourceTiming | undefined;
  return entry === undefined || !/^h[23]/.test(entry.nextHopProtocol);
}

/** Takes one of the places for answers that are held open, of all pages of this origin; `null` when there is none. What is returned gives it back. */
export async function takeStream(): Promise<(() => void) | null> {
  for (let place = 0; place < STREAMS; place++) {
    const release = await new Promise<(() => void) | null>((resolve) => {
      void navigator.locks.request(`inkwire-stream-${place}`, { ifAvailable: true }, (lock) => {
        if (lock === null) {
          resolve(null);
          return;
        }
        return new Promise<void>((done) => resolve(done));
      });
    });
    if (release !== null) return release;
  }
  return null;
}

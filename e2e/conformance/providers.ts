import { readFileSync } from 'node:fs';
import * as provider4 from '@hocuspocus/provider';
import * as provider3 from 'hocuspocus-provider-3';

export type Provider = provider4.HocuspocusProvider;
export type ProviderSocket = provider4.HocuspocusProviderWebsocket;

/** A published version of `@hocuspocus/provider`. */
export interface ProviderKit {
  readonly major: 3 | 4;
  readonly version: string;
  readonly HocuspocusProvider: typeof provider4.HocuspocusProvider;
  readonly HocuspocusProviderWebsocket: typeof provider4.HocuspocusProviderWebsocket;
}

/** The newest of each major version; version 3 knows all that the cases use of it, under the same names. */
export const PROVIDERS: readonly ProviderKit[] = [
  { ...provider4, major: 4, version: packageVersion('@hocuspocus/provider') },
  { ...(provider3 as unknown as typeof provider4), major: 3, version: packageVersion('hocuspocus-provider-3') },
];

/** The version of an installed package whose main file lies in a folder of it, such as `dist`. */
export function packageVersion(name: string): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.resolve(name)), 'utf8')).version;
}

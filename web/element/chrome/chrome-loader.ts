export type Chrome = typeof import('./chrome.ts');

let loading: Promise<Chrome> | null = null;

/** Toolbar, menus and fields; fetched once. */
export function loadChrome(): Promise<Chrome> {
  loading ??= import('./chrome.ts').catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

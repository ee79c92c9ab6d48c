export type History = typeof import('./history-view.ts');

let loading: Promise<History> | null = null;

/** The view of a document's history; fetched once, when somebody first looks at it. */
export function loadHistory(): Promise<History> {
  loading ??= import('./history-view.ts').catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

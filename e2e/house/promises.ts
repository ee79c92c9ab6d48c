import type { SourceTree } from './source-tree.ts';

/** The sections of the protocol's page, `## [W2] …`: each is a promise to whoever writes a client. */
export function sectionsOf(page: string): Promised[] {
  return [...page.matchAll(/^## \[([A-Z]\d+)\] /gm)].map(([, id = '']) => ({ id, planned: false }));
}

/** A line of SPEC.md: `- **[D1]** …`, or `- **[A1]** *Planned.* …` for one that is not held yet. */
export interface Promised {
  readonly id: string;
  readonly planned: boolean;
}

/** The promises of SPEC.md. */
export function promisesOf(spec: string): Promised[] {
  return [...spec.matchAll(/^- \*\*\[([A-Z]\d+)\]\*\* (\*Planned\.\*)?/gm)].map(([, id = '', planned]) => ({
    id,
    planned: planned !== undefined,
  }));
}

/** Promises that tests cite and no page makes, and those that are made and no test cites. */
export function brokenCitations(tree: SourceTree, promises: readonly Promised[]): string[] {
  const tests = [...tree.values()].filter(({ path }) => path.endsWith('.test.ts'));
  const cited = tests.flatMap(({ path, titles }) =>
    titles.flatMap((title) => [...title.matchAll(/\[([A-Z]\d+)\]/g)].map(([, id]) => ({ path, id }))),
  );
  const known = new Set(promises.map(({ id }) => id));
  const held = new Set(cited.map(({ id }) => id));
  return [
    ...cited.filter(({ id }) => !known.has(id!)).map(({ path, id }) => `${path} cites [${id}], which nothing promises`),
    ...promises.filter(({ id, planned }) => !planned && !held.has(id)).map(({ id }) => `no test cites [${id}]`),
  ];
}

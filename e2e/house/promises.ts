import type { SourceTree } from './source-tree.ts';

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

/** Promises that tests cite and SPEC.md does not make, and those it makes and no test cites. */
export function brokenCitations(tree: SourceTree, promises: readonly Promised[]): string[] {
  const tests = [...tree.values()].filter(({ path }) => path.endsWith('.test.ts'));
  const cited = tests.flatMap(({ path, titles }) =>
    titles.flatMap((title) => [...title.matchAll(/\[([A-Z]\d+)\]/g)].map(([, id]) => ({ path, id }))),
  );
  const known = new Set(promises.map(({ id }) => id));
  const held = new Set(cited.map(({ id }) => id));
  return [
    ...cited.filter(({ id }) => !known.has(id!)).map(({ path, id }) => `${path} cites [${id}], which SPEC.md does not promise`),
    ...promises.filter(({ id, planned }) => !planned && !held.has(id)).map(({ id }) => `no test cites [${id}]`),
  ];
}

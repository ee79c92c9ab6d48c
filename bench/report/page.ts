import type { Workload } from '../workloads/workload.ts';

export interface Page {
  readonly machine: readonly string[];
  readonly date: string;
  readonly rounds: number;
  readonly edits: number;
  readonly comparison: string;
  readonly tenths: string;
  readonly noise: string;
  readonly workloads: readonly Pick<Workload, 'id' | 'title' | 'method'>[];
}

/** docs/benchmarks.md. */
export function benchmarksPage({ machine, date, rounds, edits, comparison, tenths, noise, workloads }: Page): string {
  return `# Benchmarks

Written by \`npm run bench -- --save\`; repeat it on your machine. Every server ran in turn on the same
machine and the same Postgres, ${rounds === 1 ? 'one round' : `${rounds} rounds interleaved`}, ${edits.toLocaleString('en-US')} edits of history.

- ${date}
${machine.map((line) => `- ${line}`).join('\n')}

Inkwire acknowledges an edit when it is committed in Postgres; stock is \`@hocuspocus/server\` 4.7.0 with
\`@hocuspocus/extension-database\` 4.7.0 and its default debounce, which acknowledges what it holds in memory.
Figures are medians of the rounds; CPU is that of the server's own process.
Autovacuum is kept away from both, for it comes when it likes.

${comparison}
${tenths === '' ? '' : `\n${tenths}\n`}
${noise}

## How it is measured

${workloads.map(({ id, title, method }) => `**${id}**, ${title}. ${method}`).join('\n\n')}
`;
}

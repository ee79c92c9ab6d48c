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

Inkwire acknowledges an edit when it is committed in Postgres. Beside it:

- **Inkwire, no database**: the same live path over a store that commits at once, in memory; what durability costs is the difference.
- **stock**: \`@hocuspocus/server\` 4.7.0 alone; **stock + database**: with \`@hocuspocus/extension-database\` 4.7.0 on the same
  Postgres and its default debounce. Both acknowledge what they hold in memory.
- **y-websocket**: \`@y/websocket-server\` 0.1.5, without persistence; it acknowledges nothing.
- **bare relay**: \`ws\` passing on each message to the others of a room. It knows no Yjs: a floor for what Node can do.

"Delivered" counts pairs of a message and one receiver who is not its sender. Figures are medians of the rounds; CPU is
that of the server's own process, all threads. Postgres shares the machine's cores with server and generator, which only the
servers that store pay for. The generator speaks the protocols over raw sockets with messages built ahead; where it used
more than 80 % of its core, it says that it was the bottleneck. "÷ stock" is against stock alone, or stock with its database
where only servers that store take part. Autovacuum is kept away, for it comes when it likes.

${comparison}
${tenths === '' ? '' : `\n${tenths}\n`}
${noise}

## How it is measured

${workloads.map(({ id, title, method }) => `**${id}**, ${title}. ${method}`).join('\n\n')}
`;
}

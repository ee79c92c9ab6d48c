import type { Workload } from '../workloads/workload.ts';

export interface Page {
  readonly machine: readonly string[];
  readonly date: string;
  /** How often the servers were started for their turns. */
  readonly starts: number;
  readonly edits: number;
  readonly comparison: string;
  readonly turnByTurn: string;
  readonly noise: string;
  readonly workloads: readonly Pick<Workload, 'id' | 'title' | 'method'>[];
}

/** docs/benchmarks.md. */
export function benchmarksPage({ machine, date, starts, edits, comparison, turnByTurn, noise, workloads }: Page): string {
  return `# Benchmarks

Written by \`npm run bench -- --save\`; repeat it on your machine. The same machine and the same Postgres for every
server, ${starts === 1 ? 'started once' : `started ${starts} times`} for each workload, ${edits.toLocaleString('en-US')} edits of history.

- ${date}
${machine.map((line) => `- ${line}`).join('\n')}

Inkwire acknowledges an edit when it is committed in Postgres. Beside it:

- **Inkwire, no database**: the same live path over a store that commits at once, in memory; what durability costs is the difference.
- **stock**: \`@hocuspocus/server\` 4.7.0 alone; **stock + database**: with \`@hocuspocus/extension-database\` 4.7.0 on the same
  Postgres and its default debounce. Both acknowledge what they hold in memory.
- **Inkwire, one hook**: with a Hocuspocus extension that defines one hook, which no keystroke calls. Plain Inkwire beside it
  shows that hooks nobody defines cost nothing.
- **y-websocket**: \`@y/websocket-server\` 0.1.5, without persistence; it acknowledges nothing.
- **bare relay**: \`ws\` passing on each message to the others of a room. It knows no Yjs: a floor for what Node can do.

All servers of a workload are up at once, each with a database of its own, and take turns of a few seconds; who begins
changes from turn to turn. Figures are medians of the turns. A ratio is taken turn by turn, so of the same half minute of the
machine: its median stands first, and between the two figures in brackets lies the middle half of the turns. It is steadier than the
ratio of two figures, and need not be the same. What can be had only once from a server (its memory, a kill) takes turns just so, each on
a server started for it. A server differs by up to a tenth from one start to the next, which no number of turns shows: \`--starts\` does.

"Delivered" counts pairs of a message and one receiver who is not its sender. CPU is that of the server's own process, all
threads. Postgres shares the machine's cores with server and generator, which only the servers that store pay for. After a turn of a
server that stores later than it acknowledges, the next waits until it has stored. The generator speaks the protocols over raw sockets with
messages built ahead; where it used more than 80 % of its core, it says that it was the bottleneck. "÷ stock" is against stock
alone, or stock with its database where only servers that store take part. Autovacuum is kept away, for it comes when it likes.

${comparison}
${turnByTurn === '' ? '' : `\n${turnByTurn}\n`}
${noise}

## How it is measured

${workloads.map(({ id, title, method }) => `**${id}**, ${title}. ${method}`).join('\n\n')}
`;
}

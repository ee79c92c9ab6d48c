import type { SimulatedDocument } from './simulated-document.ts';

/** What is looked at in the end. */
export interface World {
  /** The rows of each document. */
  readonly logs: ReadonlyMap<string, readonly number[]>;
  readonly acknowledged: ReadonlyMap<string, readonly number[]>;
  readonly nodes: readonly { readonly index: number; readonly documents: ReadonlyMap<string, SimulatedDocument> }[];
}

/** Everything that does not hold, in sentences. */
export function problemsOf(world: World): string[] {
  return [...differences(world), ...ghosts(world), ...lost(world)];
}

/** Nodes that hold another document than the log. */
export function differences({ logs, nodes }: World): string[] {
  const problems: string[] = [];
  for (const [name, log] of logs) {
    const all = listed(new Set(log));
    for (const { index, documents } of nodes) {
      const held = listed(documents.get(name)!.holds);
      if (held !== all) problems.push(`node ${index} holds ${held} of ${name}, the log ${all}`);
    }
  }
  return problems;
}

/** Nodes that show others than are there. */
function ghosts({ logs, nodes }: World): string[] {
  const problems: string[] = [];
  for (const name of logs.keys()) {
    const all = listed(nodes.flatMap(({ documents }) => [...documents.get(name)!.own]));
    for (const { index, documents } of nodes) {
      const shown = listed(documents.get(name)!.present);
      if (shown !== all) problems.push(`node ${index} shows ${shown} in ${name}, there are ${all}`);
    }
  }
  return problems;
}

/** Edits that were acknowledged and are not in the log. */
function lost({ logs, acknowledged }: World): string[] {
  return [...acknowledged].flatMap(([name, updates]) => {
    const log = new Set(logs.get(name));
    return updates.filter((update) => !log.has(update)).map((update) => `${update} of ${name} was acknowledged and is not in the log`);
  });
}

function listed(numbers: Iterable<number>): string {
  return [...numbers].sort((a, b) => a - b).join();
}

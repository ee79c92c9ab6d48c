import type { Measured } from './report/comparison.ts';
import type { Contestant } from './servers/contestants.ts';
import type { Cores } from './servers/cores.ts';
import { ServerProcess } from './servers/server-process.ts';
import type { Outcome, Prepare, Round, Stages } from './workloads/stages.ts';
import { takeTurns, turnOrder } from './workloads/turns.ts';
import type { Size, Workload } from './workloads/workload.ts';

/** How a run measures, whatever the workload. */
export interface Setting extends Pick<Round, 'postgres' | 'paper' | 'quick'> {
  readonly cores: Cores;
  readonly profileDir: string | null;
  /** Only Inkwire, stock, and whom a target names. */
  readonly fewServers: boolean;
  /** How many turns each server has; `null` for what the workload says. */
  readonly turns: number | null;
  /** How often the servers are started for their turns. */
  readonly starts: number;
  readonly say: (text: string) => void;
}

/** A workload's turns, of each server that may enter. */
export async function contest(workload: Workload, contestants: readonly Contestant[], setting: Setting): Promise<Measured> {
  const entered = contestants.filter((contestant) => mayEnter(contestant, workload, setting.fewServers));
  const outcomes = new Map(entered.map(({ id }) => [id, [] as Outcome[]]));
  const turnsPerStart = setting.turns ?? workload.turns[setting.quick ? 'quick' : 'full'];
  for (let start = 0; start < setting.starts; start++) {
    // In another order each time: the one that is started first has waited longest when the turns begin.
    const ordered = turnOrder(entered, start);
    for (const size of workload.sizes.filter(({ quick }) => quick || !setting.quick)) {
      const turns = await turnsOf(workload, size, ordered, turnsPerStart, setting);
      for (const { id } of entered) outcomes.get(id)!.push(...turns.get(id)!);
    }
  }
  const { id, title, metrics } = workload;
  return { id, title, metrics, turnsPerStart, outcomes };
}

/** Whether a workload asks a server for nothing it lacks, and, if there should be few, whether this one is needed for what Inkwire is to reach. */
function mayEnter({ dialect, stores, tellsHistory = false, always, id }: Contestant, { needs, metrics }: Workload, few: boolean): boolean {
  if (needs === 'storage' && !stores) return false;
  if (needs === 'history' && !tellsHistory) return false;
  if (needs === 'acknowledgements' && !dialect.acknowledges) return false;
  if (!few || always) return true;
  const stock = needs === 'storage' ? 'stock-database' : 'stock';
  return id === stock || Object.values(metrics).some(({ targets }) => targets?.some(({ times }) => times === id));
}

/** The turns of one size, on servers that are all up before the first. */
async function turnsOf(
  { id: workload, anew, needs }: Workload,
  { prepare }: Size,
  entered: readonly Contestant[],
  count: number,
  setting: Setting,
) {
  const { postgres, say } = setting;
  const stages = new Map<string, Stages>();
  const open: (() => Promise<void>)[] = [];
  try {
    for (const contestant of entered) {
      if (anew) stages.set(contestant.id, startedForEachTurn(contestant, prepare, setting));
      else {
        say(`${workload}: starting ${contestant.title} …`);
        const place = await Place.open(contestant, setting);
        open.push(() => place.close());
        const prepared = await prepare(place.round);
        open.push(() => prepared.finish());
        stages.set(contestant.id, prepared);
      }
    }
    // A workload that is about storing waits for it within its turn.
    const lateIds = needs === 'storage' ? [] : entered.filter(({ storesLate }) => storesLate).map(({ id }) => id);
    return await takeTurns(stages, {
      count,
      onTurn: (id, number) => say(`${workload}, turn ${number + 1} of ${count}: ${id} …`),
      rest: async (id) => (lateIds.includes(id) ? await postgres.atRest() : undefined),
    });
  } finally {
    for (const close of open.reverse()) await close();
  }
}

function startedForEachTurn(contestant: Contestant, prepare: Prepare, setting: Setting): Stages {
  return {
    async turn(turn) {
      const place = await Place.open(contestant, setting);
      try {
        const prepared = await prepare(place.round);
        const outcome = await prepared.turn(turn);
        await prepared.finish();
        return outcome;
      } finally {
        await place.close();
      }
    },
    finish: async () => {},
  };
}

/** A database for one server and whatever is started on it. It is dropped at the end: what is left would be vacuumed while another is measured. */
class Place {
  readonly round: Round;
  readonly #started: ServerProcess[] = [];

  private constructor(
    contestant: Contestant,
    database: string,
    databaseUrl: string,
    { postgres, paper, quick, cores, profileDir }: Setting,
  ) {
    const start: Round['start'] = async (nodeFlags = [], { pinned = true } = {}) => {
      const server = await ServerProcess.start(contestant, { databaseUrl, cores, profileDir, nodeFlags, pinned });
      this.#started.push(server);
      return server;
    };
    this.round = { postgres, paper, quick, dialect: contestant.dialect, stores: contestant.stores, database, cores, start };
  }

  static async open(contestant: Contestant, setting: Setting): Promise<Place> {
    const database = `bench_${contestant.id.replaceAll('-', '_')}`;
    return new Place(contestant, database, await setting.postgres.createDatabase(database), setting);
  }

  async close(): Promise<void> {
    await Promise.all(this.#started.map((server) => server.stop()));
    await this.round.postgres.dropDatabase(this.round.database);
  }
}

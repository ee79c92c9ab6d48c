import { Deliveries } from './deliveries.ts';
import type { Dialect } from './dialect.ts';
import { type Meters, Person, type Room } from './person.ts';

/** How many connect at the same time: a server's backlog of 511 is not to overflow. */
const AT_ONCE = 50;

/** People in documents, and what they are sent. */
export class Crowd implements Meters {
  readonly rooms: readonly Room[];
  /** The first of each room, then the second of each, …: those of a room are far apart. */
  readonly people: readonly Person[];
  readonly text = new Deliveries();
  readonly carets = new Deliveries();
  readonly acks = new Deliveries();

  private constructor(names: readonly string[], size: number, dialect: Dialect) {
    this.rooms = names.map((name) => ({ name, people: [] }));
    this.people = Array.from({ length: size }, () => this.rooms.map((room) => new Person(room, dialect, this))).flat();
  }

  /** Connects `size` people to each document, and says nothing yet. */
  static async connect(server: string, dialect: Dialect, names: readonly string[], size: number): Promise<Crowd> {
    const crowd = new Crowd(names, size, dialect);
    await crowd.each((person) => person.connect(server));
    return crowd;
  }

  /** Connects them and has all of them join. */
  static async gather(server: string, dialect: Dialect, names: readonly string[], size: number): Promise<Crowd> {
    const crowd = await Crowd.connect(server, dialect, names, size);
    await crowd.each((person) => person.join());
    return crowd;
  }

  /** Has everyone (or only these) do something, some at a time. */
  async each(act: (person: Person) => Promise<unknown>, people: readonly Person[] = this.people): Promise<void> {
    const left = people.values();
    const lane = async () => {
      for (const person of left) await act(person);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  }

  /** Waits for `work`; rejects when the server closes a socket meanwhile. */
  async unlessClosed<T>(work: Promise<T>): Promise<T> {
    return await Promise.race([work, ...this.people.map(({ failed }) => failed)]);
  }

  /** Begins to count anew, once all has settled. */
  reset(): void {
    for (const deliveries of [this.text, this.carets, this.acks]) deliveries.reset();
  }

  /** Begins to count anew while messages are on their way, which count when they arrive. */
  resetMidway(): void {
    for (const deliveries of [this.text, this.carets, this.acks]) deliveries.resetMidway();
  }

  async settled(): Promise<void> {
    for (const deliveries of [this.text, this.carets, this.acks]) await deliveries.settled();
  }

  async close(): Promise<void> {
    await Promise.all(this.people.map((person) => person.close()));
  }
}

/** Names of documents, all of the same length. */
export function documentNames(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(4, '0')}`);
}

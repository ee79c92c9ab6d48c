/**
 * Loaded into a server with `--import`: each SIGUSR2 sets its clock back an hour, as an operator or a
 * time server may. The monotonic clock (`performance.now`, timers) goes on, as it does on a real machine.
 */
const HOUR_MS = 3_600_000;
const SystemDate = Date;
let behindMs = 0;

class SettableDate extends SystemDate {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(SystemDate.now() - behindMs);
    else super(...(given as ConstructorParameters<typeof Date>));
  }

  static override now(): number {
    return SystemDate.now() - behindMs;
  }
}

globalThis.Date = SettableDate as DateConstructor;

process.on('SIGUSR2', () => {
  behindMs += HOUR_MS;
  process.stderr.write('The clock was set back an hour.\n');
});

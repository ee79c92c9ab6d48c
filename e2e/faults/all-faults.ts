import type { Fault } from './fault.ts';
import { fillDisk } from './scenarios/fill-disk.ts';
import { killBoth } from './scenarios/kill-both.ts';
import { killPostgres } from './scenarios/kill-postgres.ts';
import { killServer } from './scenarios/kill-server.ts';
import { cutConnections, failStatements, refuseConnections, slowDatabase, stallConnections } from './scenarios/network.ts';
import { pausePostgres } from './scenarios/pause-postgres.ts';
import { setClockBack } from './scenarios/set-clock-back.ts';

/** Every fault that is told of here. */
export const FAULTS: readonly Fault[] = [
  killServer,
  killPostgres,
  killBoth,
  pausePostgres,
  refuseConnections,
  stallConnections,
  fillDisk,
  slowDatabase,
  failStatements,
  cutConnections,
  setClockBack,
];

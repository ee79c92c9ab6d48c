import { coldLoad } from './cold-load.ts';
import { crashLoss } from './crash-loss.ts';
import { durableAcks } from './durable-acks.ts';
import { eventLoop } from './event-loop.ts';
import { history } from './history.ts';
import { idleConnections } from './idle-connections.ts';
import { idleDocuments } from './idle-documents.ts';
import { joins } from './joins.ts';
import { neighbours } from './neighbours.ts';
import { oneRoom } from './one-room.ts';
import { presence } from './presence.ts';
import { replay } from './replay.ts';
import { roomsOfTwo } from './rooms-of-two.ts';
import { roomsOfTwoPeak } from './rooms-of-two-peak.ts';
import { typing } from './typing.ts';
import type { Workload } from './workload.ts';

/** In the order of the table. */
export const WORKLOADS: readonly Workload[] = [
  roomsOfTwo,
  roomsOfTwoPeak,
  oneRoom,
  presence,
  joins,
  idleConnections,
  eventLoop,
  neighbours,
  durableAcks,
  crashLoss,
  coldLoad,
  history,
  replay,
  typing,
  idleDocuments,
];

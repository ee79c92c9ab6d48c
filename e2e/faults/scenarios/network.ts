import type { Disturbance } from '../database-proxy.ts';
import type { Fault } from '../fault.ts';

function between(name: string, disturbance: Disturbance): Fault {
  return {
    name,
    inject: async ({ proxy }) => proxy.set(disturbance),
    felt: ({ proxy }) => proxy.felt > 0,
    heal: async ({ proxy }) => proxy.set({ kind: 'none' }),
  };
}

export const refuseConnections = between('the database refuses connections', { kind: 'refuse' });
export const stallConnections = between('nothing comes through to the database', { kind: 'stall' });
export const slowDatabase = between('every statement takes 200 ms longer', { kind: 'slow', ms: 200 });
export const cutConnections = between('connections are cut in the middle of a write', { kind: 'cut', oneIn: 5 });
export const failStatements = between('one statement in ten fails', { kind: 'fail', oneIn: 10 });

import type { Fault } from '../fault.ts';

export const setClockBack: Fault = {
  name: 'the clock is set back an hour',
  inject: async (env) => {
    // Postgres' own clock cannot be moved here; that what it stored is an hour ahead comes to the same.
    await env.sql(`
      update inkwire.updates set at = at + interval '1 hour';
      update inkwire.documents set updated_at = updated_at + interval '1 hour', listed_at = listed_at + interval '1 hour'`);
    process.kill(env.server.pid, 'SIGUSR2');
  },
  felt: ({ server }) => server.output.includes('The clock was set back'),
  heal: async () => {},
};

import type { Fault } from '../fault.ts';

export const killBoth: Fault = {
  name: 'the server and Postgres are killed -9 at once',
  killsServer: true,
  inject: async ({ server, database }) => {
    database.postgres.kill();
    await server.kill9();
  },
  heal: async (env) => {
    // A server refuses to start without its database.
    await env.databaseAnswers();
    await env.server.start();
  },
};

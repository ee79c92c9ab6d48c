import type { Fault } from '../fault.ts';

export const killPostgres: Fault = {
  name: 'Postgres is killed -9',
  inject: async ({ database }) => database.postgres.kill(),
  // It is started again by its supervisor, as an init system does.
  heal: (env) => env.databaseAnswers(),
};

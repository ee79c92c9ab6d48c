import type { Fault } from '../fault.ts';

export const killServer: Fault = {
  name: 'the server is killed -9',
  killsServer: true,
  inject: ({ server }) => server.kill9(),
  heal: ({ server }) => server.start(),
};

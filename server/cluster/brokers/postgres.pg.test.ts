import { connect } from '../../../persistence/connection.ts';
import { openNotifications } from '../../../persistence/notifications.ts';
import { createDatabase, testDatabase } from '../../../persistence/testing.ts';
import { brokerContract } from '../contract/broker-contract.ts';
import { postgresBroker } from './postgres.ts';

brokerContract('LISTEN and NOTIFY', async () => {
  const server = await testDatabase();
  const url = await createDatabase(server.url);
  const sql = connect(server.url, 1);
  const name = new URL(url).pathname.slice(1);
  const allow = (connections: boolean) => sql`alter database ${sql(name)} with allow_connections ${sql.unsafe(String(connections))}`;
  return {
    open: postgresBroker((channel, onPayload) => openNotifications(url, channel, onPayload)),
    outage: {
      begin: async () => {
        await allow(false);
        await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
      },
      end: async () => {
        await allow(true);
      },
    },
    close: async () => {
      await sql.end();
      await server.stop();
    },
  };
});

import { createApp } from 'inkwire';
import { rabbitmqBroker } from './rabbitmq.ts';

const { DATABASE_URL, RABBITMQ_URL = 'amqp://guest:guest@127.0.0.1:5672', PORT = '8787', INKWIRE_SECRET = '' } = process.env;
if (DATABASE_URL === undefined) throw new Error('DATABASE_URL names the Postgres that the servers share.');

const app = await createApp({
  databaseUrl: DATABASE_URL,
  secret: INKWIRE_SECRET,
  port: Number(PORT),
  openBroker: rabbitmqBroker(RABBITMQ_URL),
});
console.log(app.url);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void app.close());

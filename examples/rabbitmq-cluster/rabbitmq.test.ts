import { brokerContract } from 'inkwire/cluster-contract';
import { rabbitmqBroker } from './rabbitmq.ts';

const { RABBITMQ_URL = 'amqp://guest:guest@127.0.0.1:5672', RABBITMQ_PID } = process.env;
const signal = (name: NodeJS.Signals) => async () => void process.kill(Number(RABBITMQ_PID), name);

brokerContract('RabbitMQ', async () => ({
  open: rabbitmqBroker(RABBITMQ_URL),
  // With the number of its process it is stopped and goes on; without, outages are not tried.
  ...(RABBITMQ_PID === undefined ? {} : { outage: { begin: signal('SIGSTOP'), end: signal('SIGCONT') } }),
}));

import { createHash } from 'node:crypto';
import { type BrokerLine, LineBroker, type OpenBroker } from 'inkwire';
import { type Channel, Connection } from 'rabbitmq-client';

const EXCHANGE = 'inkwire';
const MAX_MESSAGE_BYTES = 1024 * 1024;
/** What nobody fetches is dropped: so many bytes a node, and nothing older than this, ms. */
const MAX_QUEUED_BYTES = 16 * 1024 * 1024;
const MAX_AGE_MS = 2_000;

/** A broker of RabbitMQ: a queue of its own for each node, which goes with it, and a binding for each topic. */
export function rabbitmqBroker(url: string): OpenBroker {
  return async ({ prefix, events }) => new LineBroker((onMessage) => new RabbitLine(url, onMessage), prefix, events);
}

class RabbitLine implements BrokerLine {
  readonly name = 'RabbitMQ';
  readonly maxMessageBytes = MAX_MESSAGE_BYTES;
  readonly #connection: Connection;
  readonly #onMessage: (topic: string, message: Uint8Array) => void;
  /** Topics by their routing keys. */
  readonly #topics = new Map<string, string>();
  #channel: Channel | null = null;
  #queue = '';

  constructor(url: string, onMessage: (topic: string, message: Uint8Array) => void) {
    this.#onMessage = onMessage;
    this.#connection = new Connection({ url, heartbeat: 2, connectionTimeout: 2_000, retryLow: 100, retryHigh: 500, noDelay: true });
    // It connects again by itself; whether messages pass is what `LineBroker` finds out.
    this.#connection.on('error', () => {});
    this.#connection.on('connection', () => void this.#open().catch(() => {}));
  }

  async send(topic: string, message: Uint8Array): Promise<void> {
    // It would wait for the broker to come back, and arrive out of date.
    if (this.#channel === null || !this.#connection.ready) throw new Error('RabbitMQ is away.');
    await this.#channel.basicPublish({ exchange: EXCHANGE, routingKey: keyOf(topic), durable: false }, Buffer.from(message));
  }

  async listen(topic: string): Promise<void> {
    this.#topics.set(keyOf(topic), topic);
    if (this.#channel === null) throw new Error('RabbitMQ is away.');
    await this.#channel.queueBind({ exchange: EXCHANGE, queue: this.#queue, routingKey: keyOf(topic) });
  }

  async unlisten(topic: string): Promise<void> {
    this.#topics.delete(keyOf(topic));
    await this.#channel?.queueUnbind({ exchange: EXCHANGE, queue: this.#queue, routingKey: keyOf(topic) });
  }

  async end(): Promise<void> {
    this.#connection.unsafeDestroy();
  }

  /** A queue that has all bindings before it is read: who hears the first message of a topic hears those of all. */
  async #open(): Promise<void> {
    const channel = await this.#connection.acquire({ emitErrorsFromChannel: true });
    channel.on('error', () => {});
    channel.once('close', () => {
      if (this.#channel === channel) this.#channel = null;
    });
    await channel.exchangeDeclare({ exchange: EXCHANGE, type: 'direct', durable: false });
    const limits = { 'x-max-length-bytes': MAX_QUEUED_BYTES, 'x-message-ttl': MAX_AGE_MS };
    const { queue } = await channel.queueDeclare({ exclusive: true, autoDelete: true, arguments: limits });
    for (const routingKey of this.#topics.keys()) await channel.queueBind({ exchange: EXCHANGE, queue, routingKey });
    this.#queue = queue;
    this.#channel = channel;
    await channel.basicConsume({ queue, noAck: true, exclusive: true }, ({ routingKey, body }) => {
      const topic = this.#topics.get(routingKey);
      // A copy: what the driver hands out may be a view into more.
      if (topic !== undefined) this.#onMessage(topic, new Uint8Array(body as Buffer));
    });
  }
}

/** A routing key holds 255 bytes, a topic may have more. */
function keyOf(topic: string): string {
  return createHash('sha256').update(topic).digest('base64url');
}

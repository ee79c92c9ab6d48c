import type { openNotifications } from '../../../persistence/notifications.ts';
import type { OpenBroker } from '../broker.ts';

export interface BrokerOptions {
  /** `auto`, `none`, `redis` or `postgres`. */
  readonly broker: string;
  readonly redisUrl: string;
  /** Listens to a channel of the database in which the documents lie. */
  readonly notifications: (channel: string, onPayload: (payload: string) => void) => ReturnType<typeof openNotifications>;
}

/** The broker that the options name, `null` for none. What a broker needs is loaded when it is the one. Throws a `RangeError` that ends the sentence "`INKWIRE_BROKER` …". */
export async function chosenBroker({ broker, redisUrl, notifications }: BrokerOptions): Promise<OpenBroker | null> {
  const chosen = broker === 'auto' ? (redisUrl === '' ? 'none' : 'redis') : broker;
  if (chosen === 'none') return null;
  if (chosen === 'postgres') return (await import('./postgres.ts')).postgresBroker(notifications);
  if (redisUrl === '') throw new RangeError('is redis, and REDIS_URL does not say where that is');
  return (await import('./redis.ts')).redisBroker(redisUrl);
}

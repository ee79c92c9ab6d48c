import { createHash } from 'node:crypto';
import type { openNotifications } from '../../../persistence/notifications.ts';
import type { OpenBroker } from '../broker.ts';
import { type BrokerLine, LineBroker } from './line-broker.ts';

/** A payload is 7,999 bytes at the most (PostgreSQL, "NOTIFY"), and bytes cross it as base64. The topic is up to 300 bytes. */
const MAX_MESSAGE_BYTES = 5_500;

/** Messages of so many milliseconds are sent in one statement, and so many of them at the most. */
const GATHER_MS = 4;
const MAX_PER_STATEMENT = 500;

type Open = (channel: string, onPayload: (payload: string) => void) => ReturnType<typeof openNotifications>;

interface Waiting {
  readonly payload: string;
  readonly sent: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * A broker of the database itself: LISTEN and NOTIFY, outside the appends' transactions. For a second node where there is no Redis; every
 * node is handed every message, and commits that notify wait for each other. It needs connections of its own, not a pooler's in transaction mode.
 */
export function postgresBroker(open: Open): OpenBroker {
  return async ({ prefix, events }) => {
    // The name of a channel is 63 bytes at the most.
    const channel = `inkwire_${createHash('sha256').update(prefix).digest('hex').slice(0, 32)}`;
    return new LineBroker((onMessage) => postgresLine((onPayload) => open(channel, onPayload), onMessage), prefix, events);
  };
}

function postgresLine(
  open: (onPayload: (payload: string) => void) => ReturnType<Open>,
  onMessage: (topic: string, message: Uint8Array) => void,
): BrokerLine {
  const waiting: Waiting[] = [];
  let sending = false;
  const notifications = open((payload) => {
    const at = payload.indexOf(' ');
    onMessage(Buffer.from(payload.slice(0, at), 'base64').toString(), new Uint8Array(Buffer.from(payload.slice(at + 1), 'base64')));
  });

  const flush = async () => {
    const batch = waiting.splice(0, MAX_PER_STATEMENT);
    try {
      await notifications.notify(batch.map(({ payload }) => payload));
      for (const { sent } of batch) sent();
    } catch (error) {
      for (const { failed } of batch) failed(error);
    }
    if (waiting.length > 0) setTimeout(flush, GATHER_MS);
    else sending = false;
  };

  return {
    name: 'Postgres',
    maxMessageBytes: MAX_MESSAGE_BYTES,
    send: (topic, message) =>
      new Promise<void>((sent, failed) => {
        const payload = `${Buffer.from(topic).toString('base64')} ${Buffer.from(message).toString('base64')}`;
        waiting.push({ payload, sent, failed });
        if (sending) return;
        sending = true;
        setTimeout(flush, GATHER_MS);
      }),
    // All topics share the one channel.
    listen: () => notifications.listen(),
    unlisten: async () => {},
    end: () => notifications.end(),
  };
}

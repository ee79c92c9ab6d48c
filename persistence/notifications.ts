import { connect } from './connection.ts';
import { textArray } from './postgres-text.ts';

/** LISTEN and NOTIFY on one channel, on connections of their own. */
export interface Notifications {
  /** Resolves when what is notified from then on arrives; it holds over outages, for the driver listens again by itself. */
  readonly listening: Promise<unknown>;
  /** Notifies of all these in one transaction: each takes a lock over all databases. A payload is 7,999 bytes of text at the most. */
  notify(payloads: readonly string[]): Promise<void>;
  end(): Promise<void>;
}

/** Listens to a channel (63 bytes of name at the most) of the database at `url`. */
export function openNotifications(url: string, channel: string, onPayload: (payload: string) => void): Notifications {
  const sql = connect(url, 1);
  const listening = sql.listen(channel, onPayload);
  // Until it can be reached nothing is listened to, and who waits for it is told.
  listening.catch(() => {});
  return {
    listening,
    notify: async (payloads) => {
      await sql`select pg_notify(${channel}, payload) from unnest(${textArray([...payloads])}::text[]) as t (payload)`;
    },
    end: () => sql.end({ timeout: 1 }),
  };
}

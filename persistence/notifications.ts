import { connect } from './connection.ts';
import { textArray } from './postgres-text.ts';

/** LISTEN and NOTIFY on one channel, on connections of their own. */
export interface Notifications {
  /** Resolves when what is notified from then on arrives; it holds over outages, for the driver listens again by itself. Rejects when the database does not answer: it may be asked again. */
  listen(): Promise<unknown>;
  /** Notifies of all these in one transaction: each takes a lock over all databases. A payload is 7,999 bytes of text at the most. */
  notify(payloads: readonly string[]): Promise<void>;
  end(): Promise<void>;
}

/** A channel (63 bytes of name at the most) of the database at `url`. */
export function openNotifications(url: string, channel: string, onPayload: (payload: string) => void): Notifications {
  let sql = connect(url, 1);
  let listening: Promise<unknown> | null = null;
  const listen = async () => {
    try {
      await sql.listen(channel, onPayload);
    } catch (error) {
      // The driver keeps a listener that has failed, and would hand it out again.
      void sql.end({ timeout: 0 });
      sql = connect(url, 1);
      listening = null;
      throw error;
    }
  };
  return {
    listen: () => {
      listening ??= listen();
      return listening;
    },
    notify: async (payloads) => {
      await sql`select pg_notify(${channel}, payload) from unnest(${textArray([...payloads])}::text[]) as t (payload)`;
    },
    end: () => sql.end({ timeout: 1 }),
  };
}

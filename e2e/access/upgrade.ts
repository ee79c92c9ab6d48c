import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** What an upgrade was answered with: 101, or a refusal and its code. */
export interface UpgradeAnswer {
  readonly status: number;
  /** The code of the problem in the body; `null` when there is none. */
  readonly code: string | null;
}

/** Asks for a WebSocket with the headers given, whatever a client would say, and hangs up when it is granted. */
export async function upgrade(url: string, headers: Record<string, string> = {}): Promise<UpgradeAnswer> {
  const asked = request(`${url}/collab?token=in-the-query`, {
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    },
  });
  asked.end();
  const granted = once(asked, 'upgrade').then(([, socket]) => {
    socket.destroy();
    return { status: 101, code: null };
  });
  const refused = once(asked, 'response').then(async ([response]: IncomingMessage[]) => {
    const body = await text(response!);
    return { status: response!.statusCode ?? 0, code: body === '' ? null : (JSON.parse(body) as { code: string }).code };
  });
  return Promise.race([granted, refused]);
}

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HostedHocuspocus } from './instance.ts';

/** Asks `onRequest` before a listener answers. A hook that rejects with nothing, or has answered, has taken the request over. */
export function askingFirst(instance: HostedHocuspocus, listener: RequestListener): RequestListener {
  if (!instance.defines('onRequest')) return listener;
  return (request: IncomingMessage, response: ServerResponse) => {
    instance
      .hooks('onRequest', { request, response, instance })
      .then(
        () => !response.headersSent,
        // A rejection with a word is a failure, which is logged, and no answer.
        (error: unknown) => Boolean(error) && !response.headersSent,
      )
      .then((isOpen) => {
        if (isOpen && !response.writableEnded) listener(request, response);
      });
  };
}

/** Asks `onUpgrade` before a socket is upgraded; false when a hook has taken it over, or refused it. */
export async function mayUpgrade(instance: HostedHocuspocus, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<boolean> {
  try {
    await instance.hooks('onUpgrade', { request, socket, head, instance });
    return !socket.destroyed;
  } catch (error) {
    // After a rejection without a word the socket is the hook's.
    if (error) socket.destroy();
    return false;
  }
}

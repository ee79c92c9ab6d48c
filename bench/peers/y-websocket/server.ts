import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// Named at run time: the type check of the project does without the peers, which only the bench installs.
const { setupWSConnection } = await import('@y/websocket-server/utils' as string);
const { default: WebSocket } = await import('ws' as string);

/** As its own `server.js` has it, but for the port, which that one does not tell when it took a free one. */
const sockets = new WebSocket.Server({ noServer: true });
sockets.on('connection', setupWSConnection);

const server = createServer((_request, response) => response.end('okay'));
server.on('upgrade', (request, stream, head) => {
  sockets.handleUpgrade(request, stream, head, (socket: unknown) => sockets.emit('connection', socket, request));
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening at http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});

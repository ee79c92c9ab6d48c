import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { FrameType, SyncType } from '../../protocol/frames.ts';

interface Room {
  readonly sockets: Set<WebSocket>;
  /** The last whole document somebody sent: what those who ask for it get. */
  state: Uint8Array;
}

const NOTHING = new Uint8Array([FrameType.Sync, SyncType.Step2, 2, 0, 0]);

/**
 * What `ws` alone can do: whatever a socket sends goes to the others of its room (the path of its
 * address). It knows no Yjs and keeps nothing but one message, so it is a floor rather than a server.
 */
const rooms = new Map<string, Room>();
const server = createServer();
const relay = new WebSocketServer({ server, perMessageDeflate: false });

relay.on('connection', (socket, { url = '/' }) => {
  const room: Room = rooms.get(url) ?? { sockets: new Set(), state: NOTHING };
  rooms.set(url, room);
  room.sockets.add(socket);
  socket.on('message', (data: Buffer) => {
    if (data[0] === FrameType.Sync && data[1] === SyncType.Step1) socket.send(room.state);
    else if (data[0] === FrameType.Sync && data[1] === SyncType.Step2) room.state = data;
    else for (const other of room.sockets) if (other !== socket) other.send(data);
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    room.sockets.delete(socket);
    if (room.sockets.size === 0) rooms.delete(url);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening at http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});

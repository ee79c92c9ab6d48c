import { OutgoingMessage } from '@hocuspocus/server';
import { roleMessage } from '../../../protocol/messages.ts';
import { closeWith, type SessionContext } from '../engine.ts';
import type { ChannelControls } from './channel-access.ts';
import type { Channel, ClientSocket } from './client-socket.ts';

/** How access decisions reach a document's channel and the provider behind it. `receive` handles a frame as if it had just come in. */
export function controlsOf(socket: ClientSocket, channel: Channel, receive: (frame: Uint8Array) => void): ChannelControls {
  const { connection, address } = channel;
  return {
    setIdentity: (identity) => {
      connection.context = { ...(connection.context as SessionContext), identity };
    },
    setReadOnly: (readOnly) => {
      connection.readOnly = readOnly;
    },
    suspend: () => socket.suspend(channel),
    resume: () => {
      socket.resume(channel);
      const held = channel.heldSync;
      channel.heldSync = null;
      if (held !== null) receive(held);
    },
    tell: (role, reason) => connection.sendStateless(roleMessage(role, reason)),
    confirm: (readOnly) => socket.send(new OutgoingMessage(address).writeAuthenticated(readOnly).toUint8Array()),
    askForToken: () => connection.requestToken(),
    closeSocket: (code) => closeWith(socket, code),
  };
}

/**
 * A WebSocket by other means, for networks that refuse WebSockets: the same frames to the same Inkwire server over HTTP. It takes the address that
 * a WebSocket would, `wss://host/collab`, and goes to `https://host/collab/http`. Frames are binary.
 *
 * Give it to any Hocuspocus provider: `new HocuspocusProviderWebsocket({ url, WebSocketPolyfill: HttpSocket })`.
 */
export declare const HttpSocket: {
  new (url: string | URL, protocols?: string | string[]): WebSocket;
  readonly prototype: WebSocket;
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;
};

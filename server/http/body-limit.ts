import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { problemResponse } from './problems.ts';
import type { Routes } from './routes.ts';

/**
 * Refuses bodies of more than `maxBytes`: by their Content-Length before a byte is read, chunked ones
 * as soon as too much has come. Hono's own middleware copies the request with `new Request(request)`,
 * which fails for a node-server request unless node-server may replace the globals of the whole
 * process; an application that embeds this server keeps its own. A route that reads its body as it comes is let off.
 */
export function bodyLimit(maxBytes: number, routes: Pick<Routes, 'streamsBody'>): MiddlewareHandler {
  const refuse = (c: Context) => problemResponse(c, 'body-too-large', `The most is ${maxBytes} bytes.`, { maxBytes });
  return async (c, next) => {
    if (matchedRoutes(c).some(({ method, path }) => routes.streamsBody(method, path))) return next();
    const length = c.req.header('content-length');
    if (length !== undefined && c.req.header('transfer-encoding') === undefined) {
      return Number(length) > maxBytes ? refuse(c) : next();
    }
    const { body } = c.req.raw;
    if (body === null) return next();
    const bytes = await readAtMost(body, maxBytes);
    if (bytes === null) return refuse(c);
    const { method, url, headers, signal } = c.req.raw;
    c.req.raw = new Request(url, { method, headers, signal, body: bytes });
    return next();
  };
}

/** The whole stream, or `null` as soon as it exceeds `maxBytes`. */
async function readAtMost(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > maxBytes) return null;
    chunks.push(value);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

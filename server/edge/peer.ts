import { BlockList, isIP } from 'node:net';
import { ConfigError } from '../config.ts';
import type { Peer, Received } from '../ports/edge.ts';

/** Tells clients by their addresses. */
export interface Peers {
  peerOf(received: Received): Peer;
  /**
   * Whether an address stands for people who cannot be told apart by it: a trusted proxy's own, and
   * this machine's, which a proxy beside the server has as well.
   */
  isShared(address: string): boolean;
}

/**
 * Reads who a request comes from. `trustedProxies` is the text of `INKWIRE_TRUSTED_PROXIES`: addresses
 * and networks (`10.0.0.0/8`), separated by commas; a `ConfigError` when it is not.
 *
 * `X-Forwarded-For`, `-Proto` and `-Host` can be written by anybody, so they are read only when the
 * other end of the connection is a trusted proxy. Each proxy appends who it was asked by: from the
 * right, the first address that is not a trusted proxy is the client's, and what is left of it is
 * the client's own word.
 *
 * `behindSocket`: the server listens on a Unix socket, whose peers have no address: whoever may open that file is a proxy.
 */
export function readPeers(trustedProxies: string, behindSocket = false): Peers {
  const trusted = parseProxies(trustedProxies);
  const isTrusted = (address: string) => (address === '' ? behindSocket : contains(trusted, address));

  const peerOf = ({ socket, headers }: Received): Peer => {
    const nearest = parseAddress(socket.remoteAddress ?? '') ?? '';
    if (!isTrusted(nearest)) return { address: nearest, host: headers.host, secure: socket.encrypted === true };
    let address = nearest;
    for (const entry of listOf(headers['x-forwarded-for']).reverse()) {
      const next = parseAddress(entry);
      // The entry is no address: the party that wrote it is the last that is known.
      if (next === null) break;
      address = next;
      if (!isTrusted(address)) break;
    }
    const scheme = listOf(headers['x-forwarded-proto']).at(-1)?.toLowerCase();
    return {
      address,
      host: listOf(headers['x-forwarded-host']).at(-1) ?? headers.host,
      secure: scheme === undefined ? socket.encrypted === true : scheme === 'https' || scheme === 'wss',
    };
  };

  return { peerOf, isShared: (address) => address === '' || contains(LOOPBACK, address) || isTrusted(address) };
}

function contains(list: BlockList, address: string): boolean {
  return address !== '' && list.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

function listOf(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** The address in one form: without a port, brackets or zone; an IPv4 address that is mapped into IPv6 as IPv4. `null` when it is none. */
function parseAddress(text: string): string | null {
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(text) ?? [];
  const [, withoutPort] = /^([\d.]+):\d+$/.exec(text) ?? [];
  const bare = (bracketed ?? withoutPort ?? text).replace(/%.*$/, '').toLowerCase();
  const [, mapped] = /^(?:0*:)*:?ffff:(\d+(?:\.\d+){3})$/.exec(bare) ?? [];
  const address = mapped ?? bare;
  return isIP(address) === 0 ? null : address;
}

function parseProxies(text: string): BlockList {
  const list = new BlockList();
  for (const item of listOf(text)) {
    const [network = '', prefix, ...rest] = item.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    const bits = prefix === undefined ? null : Number(prefix);
    const isBits = bits === null || (/^\d+$/.test(prefix ?? '') && bits <= (family === 'ipv6' ? 128 : 32));
    if (isIP(network) === 0 || !isBits || rest.length > 0) {
      throw new ConfigError(
        `INKWIRE_TRUSTED_PROXIES (--trusted-proxies) must list addresses or networks such as 10.0.0.0/8, separated by commas. "${item}" is none.`,
      );
    }
    if (bits === null) list.addAddress(network, family);
    else list.addSubnet(network, bits, family);
  }
  return list;
}

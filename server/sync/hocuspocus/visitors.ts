import { randomUUID } from 'node:crypto';
import type { ConnectionConfiguration } from '@hocuspocus/server';
import type { Member, MemberConnection } from '../member.ts';
import type { HostedConnection } from './hosted-connection.ts';

/** What hooks are told of the opener of a document: a client, or the server itself. */
export interface Visitor {
  readonly request: Request;
  readonly socketId: string;
  readonly connectionConfig: ConnectionConfiguration;
  readonly providerVersion: string | null;
  /** What hooks have returned, merged. */
  context: Record<string, unknown>;
  /** `null` until the member is in. */
  connection: HostedConnection | null;
}

interface KnownLink {
  readonly request: Request;
  readonly socketId: string;
}

/** Whom extensions have been told of, by member; a link's request is made once for all its documents. */
export class Visitors {
  readonly #byMember = new WeakMap<object, Visitor>();
  readonly #links = new WeakMap<MemberConnection, KnownLink>();

  /** A member that wants to enter. */
  enter(member: Member): Visitor {
    const { connection, providerVersion } = member;
    const known = this.#links.get(connection) ?? { request: requestOf(connection), socketId: randomUUID() };
    this.#links.set(connection, known);
    const visitor: Visitor = {
      ...known,
      connectionConfig: { readOnly: false, isAuthenticated: false },
      providerVersion,
      context: {},
      connection: null,
    };
    this.#byMember.set(member, visitor);
    return visitor;
  }

  of(member: object): Visitor | undefined {
    return this.#byMember.get(member);
  }

  /** The server itself, or an extension's own connection. */
  server(context: unknown = {}): Visitor {
    return {
      request: new Request('http://localhost'),
      socketId: 'server',
      connectionConfig: { readOnly: false, isAuthenticated: true },
      providerVersion: null,
      context: (context ?? {}) as Record<string, unknown>,
      connection: null,
    };
  }
}

/** What is the same in the payload of nearly every hook. */
export function described({ request, socketId, connectionConfig, context, providerVersion }: Visitor) {
  const { headers: requestHeaders } = request;
  const requestParameters = new URL(request.url).searchParams;
  return { request, requestHeaders, requestParameters, socketId, connectionConfig, context, providerVersion };
}

function requestOf({ request: { url, headers } }: MemberConnection): Request {
  const kept = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !name.startsWith(':')) kept.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return new Request(new URL(url, `http://${kept.get('host') ?? 'localhost'}`), { headers: kept });
}

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fromDebian } from './debian.ts';

/** Where the parts of a RabbitMQ lie that was unpacked into a folder and not installed. */
export interface UnpackedRabbitmq {
  /** Erlang's root folder, and the one of its programs. */
  readonly root: string;
  readonly programs: string;
  readonly plugins: string;
  /** The compiled code of the plugin that is the server. */
  readonly code: string;
}

const ERLANG = ['base', 'asn1', 'crypto', 'eldap', 'ftp', 'inets', 'mnesia', 'os-mon', 'parsetools', 'public-key', 'runtime-tools'];
const MORE_ERLANG = ['snmp', 'ssl', 'syntax-tools', 'tftp', 'tools', 'xmerl'];

/** Debian's RabbitMQ for the tests; `null` where it cannot be had. */
export async function rabbitmq(): Promise<UnpackedRabbitmq | null> {
  const packages = ['rabbitmq-server', ...[...ERLANG, ...MORE_ERLANG].map((name) => `erlang-${name}`)];
  const found = await fromDebian('rabbitmq', packages, 'usr/lib/erlang/bin/erlc');
  if (found === null) return null;
  const root = join(found.executablePath, '../..');
  const programs = named(root, 'erts-', 'bin');
  const server = named(join(root, '../rabbitmq/lib'), 'rabbitmq_server-', 'plugins');
  const code = server === null ? null : named(server, 'rabbit-', 'ebin');
  if (programs === null || server === null || code === null) return null;
  return { root, programs, plugins: server, code };
}

/** `below` in the first folder whose name begins so: the rest of it is a version. */
function named(folder: string, start: string, below: string): string | null {
  const name = existsSync(folder) ? readdirSync(folder).find((entry) => entry.startsWith(start)) : undefined;
  return name === undefined ? null : join(folder, name, below);
}

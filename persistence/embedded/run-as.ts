import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The user Postgres runs as when this process is root, which Postgres refuses to be. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The unprivileged user to run as: the owner of the cluster when there is one, else `nobody`. It
 * needs an entry in the password file, because Postgres looks its own name up. `null` for an
 * ordinary user, who runs Postgres as themself.
 */
export async function userForPostgres(cluster: string): Promise<RunAs | null> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(cluster).catch(() => null);
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return findUser(await readFile('/etc/passwd', 'utf8'), 'nobody');
}

/** A user of a password file (`name:password:uid:gid:…`), or `null`. */
export function findUser(passwd: string, name: string): RunAs | null {
  for (const line of passwd.split('\n')) {
    const [entry, , uid, gid] = line.split(':');
    if (entry === name && Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  return null;
}

/** Whether the user may pass through every folder above `path`, and enter or execute it. */
export async function canReach(path: string, user: RunAs): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    if (!mayExecute(await stat(at), user)) return false;
    if (at === dirname(at)) return true;
  }
}

function mayExecute(entry: { mode: number; uid: number; gid: number }, user: RunAs): boolean {
  const shift = entry.uid === user.uid ? 6 : entry.gid === user.gid ? 3 : 0;
  return ((entry.mode >> shift) & 1) === 1;
}

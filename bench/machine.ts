import { arch, cpus, loadavg, platform, totalmem } from 'node:os';

/** The machine, without its names. */
export function describeMachine(postgresVersion: string, commitMilliseconds: number, pinned: boolean): string[] {
  return [
    `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${arch()}`,
    `Node ${process.versions.node}, Postgres ${postgresVersion} (embedded, fsync on); one small commit takes ${commitMilliseconds.toFixed(2)} ms`,
    `load of the machine before it began: ${loadavg()[0]!.toFixed(1)}`,
    pinned ? 'server and generator each on a core of its own' : 'server and generator not pinned to cores',
  ];
}

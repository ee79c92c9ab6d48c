import { arch, cpus, loadavg, platform, totalmem } from 'node:os';
import { percentile } from './figures/percentile.ts';

/** The machine, without its names. */
export function describeMachine(postgresVersion: string, commitMilliseconds: readonly number[], pinned: boolean): string[] {
  const ms = (p: number) => percentile(commitMilliseconds, p).toFixed(2);
  return [
    `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${arch()}`,
    `Node ${process.versions.node}, Postgres ${postgresVersion} (embedded, fsync on); one small commit takes ${ms(0.5)} ms, the slowest of a hundred ${ms(0.99)} ms`,
    `load of the machine before it began: ${loadavg()[0]!.toFixed(1)}`,
    pinned ? 'server and generator each on a core of its own' : 'server and generator not pinned to cores',
  ];
}

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

interface RunningProcess {
  readonly pid: number;
  readonly command: string;
  /** What it was started in: the id of its session, on macOS of its process group. */
  readonly session: number;
  /** Its working folder; '' when that may not be known. */
  readonly folder: string;
}

/** Every process of this machine but this one and the first. */
export function runningProcesses(): RunningProcess[] {
  const processes = existsSync('/proc/self/stat') ? fromProc() : fromPs();
  return processes.filter(({ pid }) => pid !== process.pid && pid !== 1);
}

function fromProc(): RunningProcess[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      // After the command in parentheses: state, parent, group, session.
      const [state, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z') return [];
      const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return [{ pid: Number(entry), command, session: Number(session), folder: workingFolder(entry) }];
    } catch {
      return []; // It ended while it was looked at.
    }
  });
}

function workingFolder(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function fromPs(): RunningProcess[] {
  const lines = execFileSync('ps', ['-axo', 'pid=,pgid=,command='], { encoding: 'utf8' }).trim().split('\n');
  return lines.flatMap((line) => {
    const [, pid, group, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return [{ pid: Number(pid), command, session: Number(group), folder: '' }];
  });
}

/**
 * The processes that belong to a test file: those of its session, and those that work in its
 * temporary folder (a server may have left the session, and Postgres's own processes do).
 */
function processesOf(session: number, folder: string): RunningProcess[] {
  // Session 0 is the system's own, and what is found here is killed.
  if (!(session > 1) || folder.length < 5) throw new RangeError(`no session ${session} with the folder "${folder}"`);
  return runningProcesses().filter(
    (running) => running.session === session || running.folder.startsWith(folder) || running.command.includes(folder),
  );
}

/** Those of a test file that are still there after `graceMs` milliseconds; what was just killed needs a moment. */
export async function leftProcesses(session: number, folder: string, graceMs: number): Promise<RunningProcess[]> {
  const end = performance.now() + graceMs;
  for (;;) {
    const left = processesOf(session, folder);
    if (left.length === 0 || performance.now() > end) return left;
    await sleep(50);
  }
}

/** Kills at once what belongs to a test file. */
export function killProcesses(session: number, folder: string): void {
  for (const { pid } of processesOf(session, folder)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }
}

import { budgetSeconds, TOTAL_BUDGET_SECONDS } from './test-budgets.ts';
import type { FileResult } from './test-file.ts';

/** How many of the slowest files are named when all keep their budget. */
const SLOWEST = 10;

/** From this share of the machine on that others have, times on the clock say little. */
const BUSY = 0.15;

/** What a run ends with: what failed, each named once more, as the end is what is read of a long log, and the counts. */
export function outcome(counts: Pick<FileResult, 'passed' | 'failed' | 'skipped'>, failed: readonly string[]): string {
  const named = failed.length > 0 ? `Failed:\n${failed.map((name) => `  ✖ ${name}\n`).join('')}` : '';
  return `${named}${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}\n`;
}

type Timed = Pick<FileResult, 'file' | 'seconds' | 'cpuSeconds'>;

/** A line for a file that has been run, with what a person needs to read below it when something failed. */
export function fileLine({ file, passed, failed, skipped, seconds, cpuSeconds, report }: FileResult): string {
  const counts = [`${passed} passed`, ...(failed > 0 ? [`${failed} failed`] : []), ...(skipped > 0 ? [`${skipped} skipped`] : [])];
  const head = `${failed > 0 ? '✖' : '✔'} ${file}: ${counts.join(', ')} (${inSeconds(seconds)}, ${cpuSeconds.toFixed(1)} of CPU)\n`;
  return report === '' ? head : `${head}${report.replaceAll(/^(?=.)/gm, '    ')}\n`;
}

/**
 * The slowest files against their budgets, those that went over it marked and all of them named.
 * A budget is a warning: machines differ, and have other things to do.
 */
export function slowestFiles(results: readonly Timed[]): string {
  const bySeconds = results.toSorted((a, b) => b.seconds - a.seconds);
  const isOver = ({ file, seconds }: Timed) => seconds > budgetSeconds(file);
  const named = bySeconds.filter((result, at) => at < SLOWEST || isOver(result));
  const over = results.filter(isOver).length;
  const lines = named.map((result) => {
    const budget = budgetSeconds(result.file);
    const against = Number.isFinite(budget) ? `of ${String(budget).padStart(3)} s` : '';
    const mark = isOver(result) ? '  ← over its budget' : '';
    return `${result.seconds.toFixed(1).padStart(7)} ${against}  ${result.file} (${result.cpuSeconds.toFixed(1)} s of CPU)${mark}\n`;
  });
  const warning = `⚠ ${over === 1 ? 'One file is' : `${over} files are`} over budget: make it shorter, share what it starts, or move what is long to a *.soak.ts.\n`;
  return `The slowest, against the budget of each (launch/test-budgets.ts):\n${lines.join('')}${over > 0 ? warning : ''}`;
}

/** What a run took. */
export interface RunTime {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The share of the machine that other programs had meanwhile, 0 to 1. */
  readonly others: number;
  /** Whether everything was run: that has a budget of its own. */
  readonly isWhole: boolean;
}

export function totalTime({ seconds, cpuSeconds, others, isWhole }: RunTime): string {
  const budget = `${seconds > TOTAL_BUDGET_SECONDS ? ', over the budget of' : ', the budget is'} ${inMinutes(TOTAL_BUDGET_SECONDS)}`;
  const busy = ` Other programs had ${Math.round(others * 100)} % of the machine: on a quiet one it is faster.`;
  return `Took ${inMinutes(seconds)} (${inMinutes(cpuSeconds)} of CPU)${isWhole ? budget : ''}.${others > BUSY ? busy : ''}\n`;
}

function inSeconds(seconds: number): string {
  return `${seconds.toFixed(1)} s`;
}

function inMinutes(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? inSeconds(seconds) : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

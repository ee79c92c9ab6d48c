import { textTable } from '../../bench/report/text-table.ts';
import type { Answer, Outcome } from './answer.ts';
import type { CaseGroup } from './case.ts';

const MARKS: Record<Outcome['kind'], string> = { holds: '✔', fails: '✘', 'not-asked': 'not asked', 'cannot-show': '–' };

/** The groups as Markdown tables: a row for each case, a column for each server and provider. */
export function caseTables(groups: readonly CaseGroup[], answers: readonly Answer[]): string {
  return groups
    .map((group) => {
      const asked = answers.filter((answer) => group.cases.includes(answer.case));
      const columns = [...new Set(asked.map(columnOf))];
      const rows = group.cases.map((one) => [
        one.title,
        ...columns.map((column) => markOf(asked.find((answer) => answer.case === one && columnOf(answer) === column))),
      ]);
      return `### ${group.title}\n\n${textTable([' ', ...columns], rows)}`;
    })
    .join('\n\n');
}

/** A line for each case that did not hold of a server. With `inDetail` also what was waited for in vain. */
export function failureList(answers: readonly Answer[], inDetail: boolean): string {
  const lines = answers.flatMap(({ candidate, kit, case: { title, knownToFail }, outcome }) => {
    if (outcome.kind !== 'fails') return [];
    const why = outcome.known === null ? '' : ` Why: ${outcome.known}${knownToFail?.isRace ? '; at times it holds' : ''}.`;
    const provider = inDetail && kit !== null ? `, provider ${kit.version}` : '';
    return [`- **${candidate.title}**${provider}: ${title}${why}${inDetail ? ` ${outcome.reason}` : ''}`];
  });
  return [...new Set(lines)].join('\n');
}

/** How many cases held, failed and were not asked: `52 hold, 1 fails, 13 not asked`. */
export function tally(answers: readonly Answer[]): string {
  const count = (kind: Outcome['kind']) => answers.filter(({ outcome }) => outcome.kind === kind).length;
  const notAsked = count('not-asked');
  return `${count('holds')} hold, ${count('fails')} fail${notAsked === 0 ? '' : `, ${notAsked} not asked: they need the fixture server`}`;
}

function columnOf({ candidate, kit }: Answer): string {
  return kit === null ? candidate.title : `${candidate.title} (${kit.version})`;
}

function markOf(answer: Answer | undefined): string {
  if (answer === undefined) return '';
  return answer.case.knownToFail?.isRace && answer.outcome.kind === 'fails' ? `${MARKS.fails} at times` : MARKS[answer.outcome.kind];
}

import type { ContentMark, ContentNode } from './content.ts';

/** What becomes of suggested changes in a file: they are shown as such, or all taken, or all refused. */
export const SUGGESTION_CHOICES = ['keep', 'accept', 'reject'] as const;

export type SuggestionChoice = (typeof SUGGESTION_CHOICES)[number];

/** Content whose suggested changes are all decided alike; `keep` changes nothing. */
export function decideSuggestions(content: ContentNode, choice: SuggestionChoice): ContentNode {
  return choice === 'keep' ? content : { ...content, ...decided(content, choice) };
}

function decided(node: ContentNode, choice: 'accept' | 'reject'): Pick<ContentNode, 'content'> {
  if (node.content === undefined) return {};
  const dropped = choice === 'accept' ? 'deletion' : 'insertion';
  const kept = node.content.filter(({ marks = [] }) => !marks.some(({ type }) => type === dropped));
  return {
    content: kept.map(({ marks, ...child }) => ({
      ...child,
      ...(marks === undefined ? {} : marksOf(marks, choice)),
      ...decided(child, choice),
    })),
  };
}

function marksOf(marks: readonly ContentMark[], choice: 'accept' | 'reject'): Pick<ContentNode, 'marks'> {
  const changes = marks.filter(({ type }) => type === 'modification');
  let left = marks.filter(({ type }) => !['insertion', 'deletion', 'modification'].includes(type));
  // A change of a mark names the mark as it would be and as it was; changes of attributes stand on nodes, which hold no marks.
  for (const { attrs } of choice === 'reject' ? changes : []) {
    if (attrs?.type !== 'mark') continue;
    const [now, before] = [markOf(attrs.newValue), markOf(attrs.previousValue)];
    left = [...left.filter(({ type }) => type !== now?.type), ...(before === null ? [] : [before])];
  }
  return left.length > 0 ? { marks: left } : {};
}

function markOf(value: unknown): ContentMark | null {
  return typeof value === 'object' && value !== null && typeof (value as ContentMark).type === 'string' ? (value as ContentMark) : null;
}

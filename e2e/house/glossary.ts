import type { SourceTree } from './source-tree.ts';

/** A name that is not used, and the word of SPEC.md's vocabulary in its place. */
interface RetiredName {
  readonly name: RegExp;
  readonly say: string;
}

/** In code and comments, of server and browser alike. */
const RETIRED: readonly RetiredName[] = [
  { name: /\bLiveDocuments?\b|\blive documents?\b(?= (in|is) memory)/, say: 'room' },
  { name: /\b(Client|Guarded|Room|Transport)Socket\b|\bWebSocketLike\b/, say: 'link or connection' },
  { name: /\bSocketVisit\b/, say: 'visit' },
  { name: /\b(Open)?Channel(Access|Controls)?\b(?<!Broadcast\w*)/, say: 'member' },
  { name: /\bSessionContext\b/, say: 'member' },
  { name: /\bEngine\b/, say: 'rooms' },
  { name: /\b(on)?Stale\b|\bmarkGone\b|\bdropDeleted\b/, say: 'deleted' },
  { name: /\b(un)?fold(s|ed|ing|Due)?\b(?<!case fold(ed|s)?)|#fold\b|\bfolded[A-Z_]\w*/, say: 'compact' },
  { name: /\b(MOST|LONGEST|LARGEST|LEAST)_[A-Z]|[a-z_]_(MOST|LEAST)_|_(MOST|LEAST)_/, say: 'MAX_ or MIN_' },
];

/** Uses of retired names in a tree, each with the word to say. */
export function retiredNames(tree: SourceTree): string[] {
  return (
    [...tree.values()]
      // The door to Hocuspocus speaks its words.
      .filter(({ path }) => !path.startsWith('e2e/house') && !path.startsWith('server/sync/hocuspocus/'))
      .flatMap(({ path, text }) =>
        text.split('\n').flatMap((line, at) => {
          const retired = RETIRED.find(({ name }) => name.test(line));
          return retired === undefined ? [] : [`${path}:${at + 1} says "${retired.name.exec(line)?.[0]}"; the word is ${retired.say}`];
        }),
      )
  );
}

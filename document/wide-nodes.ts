import { Fragment, type Node } from '@tiptap/pm/model';

/**
 * More children than this are not written as part of a new element. Yjs takes what a new element holds as the arguments
 * of one call, which overflowed the stack at some 120,000; into an element that is in the document they go one by one.
 */
const MAX_NEW_CHILDREN = 10_000;

/**
 * The steps in which to write a document: first without what its wide nodes hold, then with what the outermost of them
 * hold, and so on; `target` itself is the last, and nearly always the only one. Nodes of `kept` are in the document already.
 */
export function writingSteps(target: Node, kept: ReadonlySet<Node>): Node[] {
  const steps: Node[] = [];
  for (let level = 0; ; level++) {
    const step = emptied(target, level, kept);
    steps.push(step);
    if (step === target) return steps;
  }
}

/** A node with its wide descendants emptied but for those within fewer than `level` others; the node itself when there are none. */
function emptied(node: Node, level: number, kept: ReadonlySet<Node>): Node {
  if (node.isText || kept.has(node)) return node;
  const isWide = node.childCount > MAX_NEW_CHILDREN;
  if (isWide && level === 0) return node.copy(Fragment.empty);
  let changed = false;
  const children = node.children.map((child) => {
    const made = emptied(child, isWide ? level - 1 : level, kept);
    if (made !== child) changed = true;
    return made;
  });
  return changed ? node.copy(Fragment.fromArray(children)) : node;
}

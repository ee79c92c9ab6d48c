import type { Command, Node } from '@tiptap/core';
import { isChangeOrigin } from '@tiptap/extension-collaboration';
import { Plugin } from '@tiptap/pm/state';
import { fixTables, tableEditingKey } from '@tiptap/pm/tables';
import type { EditorView } from '@tiptap/pm/view';
import type { Awareness } from 'y-protocols/awareness';
import { columnWidths } from './column-width.ts';

/** So long another's change has to be repaired by those whose turn comes before, ms for each of them and oneself. */
const TURN_MS = 700;

/**
 * Tiptap's tables, whose rows are made equally long again by one of those who are there: whose turn it is. Each of them at once,
 * as the library has it, adds what is missing as often as there are people, and then what the others lack of that.
 */
export function sharedTables(table: Node, awareness: Awareness): Node {
  return table.extend({
    addCommands() {
      return Object.fromEntries(
        Object.entries(this.parent?.() ?? {}).map(([name, command]) => [name, onceRepaired(name, command as Make)]),
      );
    },
    addProseMirrorPlugins() {
      const plugins = this.parent?.() ?? [];
      const others = plugins.filter((plugin) => plugin.spec.key !== tableEditingKey);
      const editing = plugins.find((plugin) => plugin.spec.key === tableEditingKey);
      return editing === undefined ? others : [...others, ...columnWidths(), repairingInTurn(editing, awareness)];
    },
  });
}

type Make = (...given: never[]) => Command;

/** A command that counts on rows of one length: where they are not yet, they are made so, and it follows. */
function onceRepaired(name: string, command: Make): Make {
  return (...given) =>
    (props) => {
      const { editor, tr, dispatch } = props;
      if (dispatch === undefined || fixTables(editor.state) === undefined) return command(...given)(props);
      // What is under way speaks of the table as it was.
      tr.setMeta('preventDispatch', true);
      queueMicrotask(() => {
        if (editor.isDestroyed) return;
        repair(editor.view);
        const commands = editor.commands as unknown as Record<string, (...given: never[]) => boolean>;
        if (fixTables(editor.state) === undefined) commands[name]!(...given);
      });
      return true;
    };
}

function repair(view: EditorView): void {
  const tr = view.editable ? fixTables(view.state) : undefined;
  if (tr?.docChanged) view.dispatch(tr.setMeta('addToHistory', false));
}

function repairingInTurn({ spec }: Plugin, awareness: Awareness): Plugin {
  let turn: Turn | null = null;
  return new Plugin({
    ...spec,
    view(view) {
      turn = new Turn(view, awareness);
      return turn;
    },
    appendTransaction(transactions, before, state) {
      const isShared = transactions.some((transaction) => transaction.docChanged && isChangeOrigin(transaction));
      if (isShared) turn?.expect();
      // Where nothing has changed since before it repairs nothing, and only puts the selection right.
      const since = isShared || turn?.expected === true ? state : before;
      return spec.appendTransaction?.call(this, transactions, since, state);
    },
  });
}

/** Waits for one's turn to repair what others have changed. */
class Turn {
  readonly #view: EditorView;
  readonly #awareness: Awareness;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(view: EditorView, awareness: Awareness) {
    this.#view = view;
    this.#awareness = awareness;
  }

  /** Others have changed something, and it is not looked at yet. */
  get expected(): boolean {
    return this.#timer !== null;
  }

  expect(): void {
    this.#timer ??= setTimeout(() => this.#repair(), TURN_MS * this.#place());
  }

  destroy(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #place(): number {
    const { clientID } = this.#awareness;
    const before = [...this.#awareness.getStates().keys()].filter((client) => client < clientID);
    return 1 + before.length;
  }

  #repair(): void {
    this.#timer = null;
    repair(this.#view);
  }
}

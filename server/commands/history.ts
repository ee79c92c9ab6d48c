import { type Command, CommandError, UsageError } from './command.ts';
import { ask, SERVER_OPTION, serverOf, TOKEN_OPTION } from './http-client.ts';

/** As the API lists them. */
interface Listed {
  readonly version: number;
  readonly from: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly authors: readonly { readonly author: string | null; readonly edits: number }[];
  readonly names: readonly { readonly name: string }[];
}

export const historyCommand: Command = {
  name: 'history',
  summary: 'list what was written in a document when and by whom, read a version of it, name one, or bring one back',
  operands: ['NAME'],
  options: [
    { flag: 'show', value: 'VERSION', help: 'write this version to standard output' },
    { flag: 'format', value: 'FORMAT', default: 'markdown', help: 'of --show; any that export knows' },
    { flag: 'restore', value: 'VERSION', help: 'bring the content of this version back: one edit, which can be taken back' },
    { flag: 'undo', value: 'A...B', help: 'take back what was written after version A, up to B: one edit, which can be taken back' },
    { flag: 'author', value: 'SUB', help: 'of --undo: only what this author wrote' },
    { flag: 'name', value: 'TEXT', help: 'give the last version this name' },
    SERVER_OPTION,
    TOKEN_OPTION,
  ],
  more: 'Without an option it prints a line for each stretch of writing, the last first, its columns separated by tabs: the version it led to, when it began and ended, who wrote how many updates, and the names of versions in it. A VERSION is any number up to the last one.',
  async run({ operands: [name = ''], options, env, io }) {
    const { show, format = 'markdown', restore, undo, author, name: called } = options;
    if ([show, restore, undo, called].filter((option) => option !== undefined).length > 1)
      throw new UsageError('Say one of --show, --restore, --undo and --name.');
    if (author !== undefined && undo === undefined) throw new UsageError('--author goes with --undo.');
    const server = serverOf({ options, env });
    const path = `/api/documents/${encodeURIComponent(name)}/versions`;
    if (show !== undefined) {
      const response = await ask(server, `${path}/${versionOf(show)}?format=${encodeURIComponent(String(format))}`);
      await io.write(new Uint8Array(await response.arrayBuffer()));
      return 0;
    }
    if (restore !== undefined || undo !== undefined) {
      const made = await (restore === undefined
        ? ask(server, `${path}/${spanOf(undo!)}/undo`, jsonBody(author === undefined ? {} : { author }))
        : ask(server, `${path}/${versionOf(restore)}/restore`, { method: 'POST' }));
      const { id, version } = (await made.json()) as { id: string | null; version: number };
      const done = restore === undefined ? `What was written in ${undo} is taken back` : `The content of version ${restore} is back`;
      await io.tell(
        id === null
          ? 'The document is as that version was; nothing was changed.'
          : `${done}, as version ${version}. POST ${path.replace('/versions', '')}/edits/${id}/undo takes that back.`,
      );
      return 0;
    }
    if (called !== undefined) {
      const { version } = (await (await ask(server, path, jsonBody({ name: called }))).json()) as { version: number };
      await io.tell(`Version ${version} is called "${called}".`);
      return 0;
    }
    for (let before: number | null = null; ; ) {
      const page = (await (await ask(server, before === null ? path : `${path}?before=${before}`)).json()) as {
        versions: Listed[];
        next: number | null;
      };
      for (const version of page.versions) await io.write(`${lineOf(version)}\n`);
      if (page.next === null) return 0;
      before = page.next;
    }
  },
};

function jsonBody(body: object): RequestInit {
  return { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

function spanOf(said: string | true): string {
  if (typeof said === 'string' && /^\d{1,15}\.\.\.\d{1,15}$/.test(said)) return said;
  throw new CommandError('Say two versions as A...B, such as 41...42 for the update that led to 42.');
}

function versionOf(said: string | true): string {
  if (typeof said === 'string' && /^[1-9]\d{0,14}$/.test(said)) return said;
  throw new CommandError(
    `"${said}" is not a version; it is a number, such as the first column of "inkwire history NAME". Nothing was changed.`,
  );
}

function lineOf({ version, startedAt, endedAt, authors, names }: Listed): string {
  const who = authors.map(({ author, edits }) => `${author ?? 'a guest'} ${edits}`).join(', ');
  // What others wrote cannot move the cursor of a terminal.
  const plain = (text: string) => text.replace(/\p{Cc}+/gu, ' ');
  return [version, startedAt, endedAt, plain(who), plain(names.map(({ name }) => name).join(', '))].join('\t');
}

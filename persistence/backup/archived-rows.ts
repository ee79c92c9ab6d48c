import { InkwireError } from '../../protocol/errors.ts';
import { readArchive } from './archive.ts';
import { CopiedRows, type Field } from './copied-rows.ts';
import type { BackupTable } from './tables.ts';

/** A row of a backup: a column's field by its name. Good until the next row is asked for. */
export interface ArchivedRow {
  readonly table: string;
  field(column: string): Field;
}

/** The rows of some tables of a backup, in the order of the file. Rejects as `readArchive` does, and with `bad-content` for a column that a table has not. */
export async function* archivedRows(path: string, tables: ReadonlySet<string>): AsyncGenerator<ArchivedRow> {
  let table: BackupTable | null = null;
  let rows = new CopiedRows();
  for await (const { kind, payload } of readArchive(path)) {
    if (kind === 'table') {
      const next = JSON.parse(payload.toString()) as BackupTable;
      table = tables.has(next.name) ? next : null;
      rows = new CopiedRows();
    } else if (kind === 'rows' && table !== null) {
      const { name, columns } = table;
      for (const fields of rows.push(payload)) {
        yield {
          table: name,
          field: (column) => {
            const at = columns.indexOf(column);
            if (at < 0) throw new InkwireError('bad-content', `inkwire.${name} of the backup has no column ${column}.`);
            return fields[at] ?? null;
          },
        };
      }
    }
  }
}

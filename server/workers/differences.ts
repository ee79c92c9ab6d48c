/** What it takes to compare two versions, and not to make one: the schema and the writer of Markdown, a quarter of a second to load. */
export { differenceOf } from '../../document/differences/difference.ts';
export { changesBetween, outlineOf } from '../../document/edits/changes.ts';
export { documentOf } from '../../document/updates/document-of.ts';
export { editDocument } from './formats/edit.ts';

/** Everything around the text: a chunk of its own, so that the text is there first. */
export { editLink, editMath, editSelectedMath } from './menus/fields.ts';
export { SlashMenu } from './menus/slash-menu.ts';
export { Toolbar } from './toolbar/toolbar.ts';

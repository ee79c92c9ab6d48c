/** What `import '@inkwire/editor'` is where there is no page, as on a server that renders one: nothing is defined, and nothing fetched. */
export class InkwireEditorElement {}

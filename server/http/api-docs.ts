import { html } from 'hono/html';
import type { ApiDescription } from './api-description.ts';
import { type TriedParameter, tryForm } from './api-try.ts';

/** The page's style sheet: a file of its own, for no page of ours has inline style. */
export const API_DOCS_STYLE = `
:root { color-scheme: light dark; --ink: #1d1d1b; --quiet: #6b6a66; --line: #d8d5ce; --paper: #fdfcfa; --code: #f3f1ec; --accent: #2f4bc7; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e6e1; --quiet: #9b9993; --line: #3b3a36; --paper: #191918; --code: #242320; --accent: #8ea2ff; --bad: #ff8a80 } }
body { font: 16px/1.6 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 46rem; margin: 0 auto; padding: 3rem 1.25rem 6rem }
h1 { font-size: 1.75rem; margin: 0 } h2 { font-size: 1.2rem; margin: 3.5rem 0 0 } h3 { font: 600 0.95rem/1.5 ui-monospace, monospace; margin: 0; overflow-wrap: anywhere }
p { margin: 0.4rem 0 } a { color: inherit } code { font: 0.875em ui-monospace, monospace; background: var(--code); padding: 0.1em 0.3em; border-radius: 4px }
article { border-top: 1px solid var(--line); padding: 1.5rem 0; margin-top: 1rem }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.35rem 1rem; font-size: 0.9rem; margin: 0.8rem 0 0 }
dt { font-family: ui-monospace, monospace; font-size: 0.8125rem; padding-top: 0.1rem } dd { margin: 0; overflow-wrap: anywhere }
.quiet, dd small { color: var(--quiet) }
details.try { margin-top: 1rem } summary { cursor: pointer; font-size: 0.9rem; font-weight: 600 }
form { display: grid; gap: 0.6rem; margin: 0.8rem 0 0 } label { display: grid; grid-template-columns: 9rem 1fr; gap: 0.75rem; align-items: baseline }
label > span { font: 0.8125rem ui-monospace, monospace; color: var(--quiet); overflow-wrap: anywhere }
#token-field { grid-template-columns: 1fr; gap: 0.3rem; margin-top: 1.5rem } #token-field > span { font: 0.875rem/1.4 system-ui, sans-serif }
input, select, textarea { font: 0.875rem/1.4 ui-monospace, monospace; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: 0.4rem 0.6rem; width: 100%; box-sizing: border-box }
textarea { resize: vertical } :is(input, select, textarea, button, summary, a):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
button { font: 600 0.875rem system-ui, sans-serif; color: var(--paper); background: var(--accent); border: 0; border-radius: 6px; padding: 0.45rem 1rem; cursor: pointer } button.stop { color: inherit; background: var(--code) }
.send { display: flex; gap: 0.5rem } pre { font: 0.8125rem/1.5 ui-monospace, monospace; background: var(--code); border-radius: 6px; padding: 0.7rem 0.9rem; margin: 0.5rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 24rem; overflow-y: auto }
pre:empty { display: none } pre.headers { background: none; padding: 0; color: var(--quiet) } p.status { font-weight: 600; font-size: 0.9rem } p.status[data-ok='false'] { color: var(--bad) }
@media (max-width: 32rem) { label { grid-template-columns: 1fr; gap: 0.2rem } dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: 0.5rem } }
`;

/** The policy of the page: its style sheet, and the script that tries the API of this server. */
export const API_DOCS_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: { readonly description?: string; readonly example?: unknown; readonly enum?: readonly string[] };
  readonly example?: unknown;
}

interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Readonly<Record<string, unknown>> }>>;
}

interface Schema {
  readonly description?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<
    Record<string, { readonly description?: string; readonly type?: string | readonly string[]; readonly example?: unknown }>
  >;
}

type Schemas = Readonly<Record<string, Schema>>;

/** Text with its `code` set as code. */
function prose(text = '') {
  return text.split('`').map((part, index) => (index % 2 === 0 ? html`${part}` : html`<code>${part}</code>`));
}

function terms(rows: readonly (readonly [term: string, text: string, aside: string])[]) {
  if (rows.length === 0) return '';
  return html`<dl>${rows.map(([term, text, aside]) => html`<dt>${term}</dt><dd>${prose(text)} <small>${aside}</small></dd>`)}</dl>`;
}

function showOperation(method: string, path: string, operation: Operation, schemas: Schemas) {
  const parameters = (operation.parameters ?? []).map(
    (parameter) => [parameter.name, parameter.description ?? parameter.schema?.description ?? '', parameter.in] as const,
  );
  const body = Object.keys(operation.requestBody?.content ?? {});
  const responses = Object.entries(operation.responses).map(
    ([status, { description, content }]) =>
      [
        status,
        description,
        Object.keys(content ?? {})
          .filter((type) => type !== 'application/problem+json')
          .join(', '),
      ] as const,
  );
  return html`<article>
    <h3>${method.toUpperCase()} ${path}</h3>
    <p>${operation.summary}. <span class="quiet">${prose(operation.description)}</span></p>
    ${terms(parameters)}
    ${body.length === 0 ? '' : html`<p>Body: ${body.map((type) => html`<code>${type}</code> `)}</p>`}
    ${terms(responses)}
    ${tryForm({ method, path, parameters: (operation.parameters ?? []).map(tried), bodies: body, bodyExample: exampleOf(operation, schemas) })}
  </article>`;
}

function tried({ name, in: where, required, schema, example = schema?.example }: Parameter): TriedParameter {
  return { name, in: where, required: required === true, example, ...(schema?.enum === undefined ? {} : { choices: schema.enum }) };
}

/** What a JSON body may look like: the examples of its members. */
function exampleOf(operation: Operation, schemas: Schemas): string {
  const schema = (operation.requestBody?.content['application/json'] as { schema?: Schema } | undefined)?.schema;
  const known = schema?.$ref === undefined ? schema : schemas[schema.$ref.split('/').at(-1)!];
  const members = Object.entries(known?.properties ?? {}).flatMap(([name, { example }]) =>
    example === undefined ? [] : [[name, example] as const],
  );
  if (members.length > 0) return JSON.stringify(Object.fromEntries(members), null, 2);
  return schema === undefined ? '' : '{}';
}

function showSchema(name: string, schema: Schema) {
  const rows = Object.entries(schema.properties ?? {}).map(
    ([property, { description = '', type = '' }]) => [property, description, [type].flat().join(' or ')] as const,
  );
  return html`<article><h3>${name}</h3><p>${prose(schema.description)}</p>${terms(rows)}</article>`;
}

/** The API's description as a page to read, which needs no script, and to try, which does. */
export function renderApiDocs(api: ApiDescription) {
  const operations = Object.entries(api.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({ method, path, operation })),
  );
  const shapes = (api.components?.schemas ?? {}) as Schemas;
  const sections = (api.tags ?? []).map(
    (tag) => html`<section>
      <h2>${tag.name}</h2>
      <p class="quiet">${tag.description}</p>
      ${operations
        .filter(({ operation }) => operation.tags?.includes(tag.name))
        .map(({ method, path, operation }) => showOperation(method, path, operation, shapes))}
    </section>`,
  );
  const schemas = Object.entries(api.components?.schemas ?? {}).map(([name, schema]) => showSchema(name, schema as Schema));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>Inkwire HTTP API</title>
<link rel="stylesheet" href="docs.css" />
<script type="module" src="../api-docs.js"></script>
</head>
<body>
<header>
<h1>Inkwire HTTP API</h1>
${(api.info.description ?? '').split('\n\n').map((paragraph) => html`<p>${prose(paragraph)}</p>`)}
<p class="quiet">Version ${api.info.version}, for programs: <a href="openapi.json">openapi.json</a></p>
<label id="token-field" hidden><span>Token, for a server that asks for one; it stays on this page</span><input id="token" type="password" autocomplete="off" /></label>
</header>
<main>
${sections}
<section><h2>Shapes</h2>${schemas}</section>
</main>
</body>
</html>`;
}

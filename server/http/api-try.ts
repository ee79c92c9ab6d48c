import { html } from 'hono/html';

/** A parameter of an operation, as the form asks for it. */
export interface TriedParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly example?: unknown;
  readonly choices?: readonly string[];
}

export interface Tried {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly TriedParameter[];
  /** Media types of the body; a JSON body begins with an example of its members. */
  readonly bodies: readonly string[];
  readonly bodyExample: string;
}

/** A form that sends the request it stands with; `api-docs.js` shows and works it, and without script there is none. */
export function tryForm({ method, path, parameters, bodies, bodyExample }: Tried) {
  const isFile = bodies.includes('multipart/form-data');
  return html`<details class="try" hidden><summary>Try it</summary>
    <form data-method="${method.toUpperCase()}" data-path="${path}">
      ${parameters.map(field)}
      ${bodies.length === 0 || isFile ? '' : html`<label><span>Content-Type</span><select name="type">${bodies.map((type) => html`<option>${type}</option>`)}</select></label>`}
      ${bodies.length === 0 ? '' : isFile ? html`<label><span>File</span><input type="file" name="file" /></label>` : html`<label><span>Body</span><textarea name="body" rows="6" spellcheck="false">${bodyExample}</textarea></label>`}
      <div class="send"><button type="submit">Send</button><button type="button" class="stop" hidden>Stop</button></div>
      <output></output>
    </form>
  </details>`;
}

function field({ name, in: where, required, example, choices }: TriedParameter) {
  const said = required === true && example !== undefined ? String(example) : '';
  const input =
    choices === undefined
      ? html`<input name="${where}:${name}" value="${said}" placeholder="${example === undefined ? '' : String(example)}" ${required === true ? 'required' : ''} autocomplete="off" spellcheck="false" />`
      : html`<select name="${where}:${name}"><option></option>${choices.map((choice) => html`<option>${choice}</option>`)}</select>`;
  return html`<label><span>${name}</span>${input}</label>`;
}

// Works the forms of the API's page: sends what they say, and shows the answer and the same request for curl.
const MAX_SHOWN_BYTES = 100_000;
const SHOWN_HEADERS = ['content-type', 'etag', 'location', 'inkwire-version', 'inkwire-warnings', 'ratelimit', 'retry-after'];

const token = document.querySelector('#token');
document.querySelector('#token-field').hidden = false;
for (const details of document.querySelectorAll('details.try')) {
  details.hidden = false;
  const form = details.querySelector('form');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send(form);
  });
}

/** The request that a form says. */
function requestOf(form) {
  const { method, path } = form.dataset;
  const headers = token.value.trim() === '' ? {} : { Authorization: `Bearer ${token.value.trim()}` };
  const query = new URLSearchParams();
  let address = path;
  let body;
  for (const { name, value, files } of form.elements) {
    const [where, parameter] = name.split(/:(.*)/s);
    if (where === 'path') address = address.replace(`{${parameter}}`, encodeURIComponent(value));
    if (value === '' && where !== 'path') continue;
    if (where === 'query') query.set(parameter, value);
    if (where === 'header') headers[parameter] = value;
    if (name === 'type') headers['Content-Type'] = value;
    if (name === 'body') body = value;
    if (name === 'file' && files[0] !== undefined) {
      body = new FormData();
      body.set('file', files[0]);
    }
  }
  if (body === undefined) delete headers['Content-Type'];
  const search = query.size === 0 ? '' : `?${query}`;
  return { url: new URL(`..${address}${search}`, location.href).href, init: { method, headers, ...(body === undefined ? {} : { body }) } };
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The same for a terminal; the token stays on this page. */
function curlOf({ url, init: { method, headers, body } }) {
  const said = Object.entries(headers).map(([name, value]) => `-H ${name === 'Authorization' ? '"Authorization: Bearer $INKWIRE_TOKEN"' : quoted(`${name}: ${value}`)}`);
  const data = body instanceof FormData ? [`-F ${quoted(`file=@${body.get('file').name}`)}`] : body === undefined ? [] : [`--data-binary ${quoted(body)}`];
  return ['curl', ...(method === 'GET' ? [] : [`-X ${method}`]), ...said, ...data, quoted(url)].join(' ');
}

const element = (name, className, text = '') => Object.assign(document.createElement(name), { className, textContent: text });

async function send(form) {
  const output = form.querySelector('output');
  const stop = form.querySelector('.stop');
  const request = requestOf(form);
  const left = new AbortController();
  stop.hidden = false;
  stop.onclick = () => left.abort();
  const status = element('p', 'status', 'Asking …');
  const shown = element('pre', 'answer');
  output.replaceChildren(element('pre', 'curl', curlOf(request)), status, shown);
  try {
    const begun = performance.now();
    const response = await fetch(request.url, { ...request.init, signal: left.signal });
    const headers = SHOWN_HEADERS.filter((name) => response.headers.has(name)).map((name) => `${name}: ${response.headers.get(name)}`);
    status.textContent = `${response.status} ${response.statusText} · ${Math.round(performance.now() - begun)} ms`;
    status.dataset.ok = String(response.ok);
    output.insertBefore(element('pre', 'headers', headers.join('\n')), shown);
    await show(response, shown, output);
  } catch (error) {
    if (left.signal.aborted) status.textContent += ' · stopped';
    else {
      status.textContent = `No answer: ${error.message}`;
      status.dataset.ok = 'false';
    }
  } finally {
    stop.hidden = true;
  }
}

/** Text as it comes, so that a stream is seen; anything else as a file to keep. */
async function show(response, shown, output) {
  const type = response.headers.get('content-type') ?? '';
  if (!/^text\/|json|x-latex/.test(type)) {
    const file = await response.blob();
    if (file.size === 0) return;
    const link = element('a', 'file', `Keep the file, ${file.size.toLocaleString('en')} bytes`);
    link.href = URL.createObjectURL(file);
    link.download = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'answer';
    output.replaceChild(link, shown);
    return;
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    text += next.value;
    shown.textContent = text.slice(0, MAX_SHOWN_BYTES);
    if (text.length > MAX_SHOWN_BYTES) {
      shown.textContent += '\n…';
      return void reader.cancel();
    }
  }
  if (!type.includes('json')) return;
  try {
    shown.textContent = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // It is shown as it came.
  }
}

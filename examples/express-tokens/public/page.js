import '/inkwire/editor.js';

const { server, user } = await (await fetch('/settings')).json();
if (user !== null) {
  document.querySelector('#user').value = `You are ${user}.`;
  const editor = document.createElement('inkwire-editor');
  editor.className = 'editor';
  editor.server = server;
  editor.document = 'examples/minutes';
  editor.label = 'Minutes';
  editor.tokenProvider = fetchToken;
  editor.addEventListener('inkwire-status', ({ detail }) => {
    document.querySelector('#status').value = detail.kind;
  });
  document.querySelector('#minutes').append(editor);
}

async function fetchToken(name) {
  const response = await fetch(`/inkwire-token?document=${encodeURIComponent(name)}`, { method: 'POST' });
  if (response.ok) return response.text();
  // An error with this code is final. After any other the editor asks again.
  throw Object.assign(new Error(`No token: ${response.status}`), { code: response.status === 403 ? 'forbidden' : 'unavailable' });
}

import type { InkwireEditorElement, Status } from '@inkwire/editor';
import { InkwireEditor } from '@inkwire/editor/react';
import { useRef, useState } from 'react';

const SERVER: string = import.meta.env.VITE_INKWIRE_SERVER ?? 'http://127.0.0.1:8787';

export function App() {
  const editor = useRef<InkwireEditorElement>(null);
  const [status, setStatus] = useState<Status | null>(null);
  const [markdown, setMarkdown] = useState<string | null>(null);
  return (
    <main>
      <h1>Inkwire in React</h1>
      <p>Open this page twice and write.</p>
      <InkwireEditor
        ref={editor}
        className="editor"
        server={SERVER}
        document="examples/react"
        label="Shared notes"
        onStatus={setStatus}
        onError={({ error }) => console.error(error)}
      />
      <p>
        Status: <output>{status?.kind ?? '…'}</output>{' '}
        <button type="button" onClick={async () => setMarkdown((await editor.current?.getMarkdown()) ?? null)}>
          Show as Markdown
        </button>
      </p>
      {markdown !== null && <pre>{markdown}</pre>}
    </main>
  );
}

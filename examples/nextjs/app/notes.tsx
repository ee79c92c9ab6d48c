'use client';

import type { InkwireEditorElement, Status } from '@inkwire/editor';
import { InkwireEditor } from '@inkwire/editor/react';
import { useRef, useState } from 'react';

export function Notes({ server }: { server: string }) {
  const editor = useRef<InkwireEditorElement>(null);
  const [status, setStatus] = useState<Status | null>(null);
  const [markdown, setMarkdown] = useState<string | null>(null);
  return (
    <>
      <InkwireEditor ref={editor} className="editor" server={server} document="examples/nextjs" label="Shared notes" onStatus={setStatus} />
      <p>
        Status: <output>{status?.kind ?? '…'}</output>{' '}
        <button type="button" onClick={async () => setMarkdown((await editor.current?.getMarkdown()) ?? null)}>
          Show as Markdown
        </button>
      </p>
      {markdown !== null && <pre>{markdown}</pre>}
    </>
  );
}

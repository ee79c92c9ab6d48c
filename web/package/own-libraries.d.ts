import type * as tiptap from '@tiptap/core';
import type * as yjs from 'yjs';

// The programs of this project have the libraries; this file is not in the package.
declare module './element.d.ts' {
  interface Libraries {
    editor: tiptap.Editor;
    document: yjs.Doc;
  }
}

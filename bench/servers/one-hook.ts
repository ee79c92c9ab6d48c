import type { Extension } from '@hocuspocus/server';

/** A hook that no keystroke calls: beside Inkwire without extensions it shows what all those hooks cost that nobody defines. */
const oneHook: Extension = { async onConnect() {} };

export default oneHook;

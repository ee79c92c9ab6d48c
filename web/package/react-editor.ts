import { createElement, forwardRef, useEffect, useImperativeHandle, useInsertionEffect, useLayoutEffect, useRef } from 'react';
import type { InkwireEditorElement, InkwireEventMap } from './element.d.ts';
import type { InkwireEditorProps } from './react.d.ts';

const HANDLERS = {
  'inkwire-ready': 'onReady',
  'inkwire-change': 'onChange',
  'inkwire-status': 'onStatus',
  'inkwire-synced': 'onSynced',
  'inkwire-presence': 'onPresence',
  'inkwire-role': 'onRole',
  'inkwire-auth-error': 'onAuthError',
  'inkwire-schema-error': 'onSchemaError',
  'inkwire-history': 'onHistory',
  'inkwire-error': 'onError',
} as const satisfies Record<keyof InkwireEventMap, keyof InkwireEditorProps>;

type EventName = keyof typeof HANDLERS;
type HandlerName = (typeof HANDLERS)[EventName];

/** React 18 warns of a layout effect on a server, where there is no layout. */
const useCommitEffect = typeof window === 'undefined' ? useEffect : useLayoutEffect;

/** `<inkwire-editor>` with props for its attributes and handlers for its events; documented in `react.d.ts`. */
export const InkwireEditor = forwardRef<InkwireEditorElement, InkwireEditorProps>(function InkwireEditor(props, ref) {
  const own = useRef<InkwireEditorElement>(null);
  const latest = useRef(props);
  useInsertionEffect(() => {
    latest.current = props;
  });
  useImperativeHandle(ref, () => own.current as InkwireEditorElement, []);
  // The element opens its document right after the commit that puts it on the page: both have to be there by then.
  const hasProvider = props.tokenProvider !== undefined;
  useCommitEffect(() => {
    // One function for all renders, because another one makes the element connect anew.
    if (hasProvider) own.current!.tokenProvider = (name) => latest.current.tokenProvider?.(name) ?? '';
    else if (own.current!.tokenProvider) own.current!.tokenProvider = null;
  }, [hasProvider]);
  const { uploadHandler } = props;
  useCommitEffect(() => {
    own.current!.uploadHandler = uploadHandler;
  }, [uploadHandler]);
  useCommitEffect(() => listen(own.current!, () => latest.current), []);
  useEffect(() => {
    const failed = (error: unknown) => own.current?.dispatchEvent(new CustomEvent('inkwire-error', { detail: { error } }));
    import('./editor.ts').catch(failed);
  }, []);
  return createElement('inkwire-editor', { ...attributesOf(props), ref: own }, props.children);
});

/** Hands the events of the element to the handlers of the moment. Returns what ends that. */
function listen(element: InkwireEditorElement, props: () => InkwireEditorProps): () => void {
  const listening = new AbortController();
  for (const name of Object.keys(HANDLERS) as EventName[]) {
    const listener = (event: CustomEvent) => {
      const handler = props()[HANDLERS[name]] as ((detail: unknown, event: CustomEvent) => void) | undefined;
      // An editor inside a slot of this one has handlers of its own.
      if (event.target === element) handler?.(event.detail, event);
    };
    element.addEventListener(name, listener as EventListener, { signal: listening.signal });
  }
  return () => listening.abort();
}

/** The attributes under the names that custom elements have in React 18 as well as 19. */
function attributesOf(props: InkwireEditorProps) {
  const {
    guestName,
    readOnly,
    autoFocus,
    className,
    tokenProvider: _provider,
    uploadHandler: _handler,
    children: _children,
    ...others
  } = props;
  const rest = Object.fromEntries(Object.entries(others).filter(([name]) => !isHandler(name)));
  const flags = { readonly: readOnly === true ? '' : undefined, autofocus: autoFocus === true ? true : undefined };
  return { ...rest, ...flags, 'guest-name': guestName, class: className };
}

const HANDLER_NAMES: ReadonlySet<string> = new Set<HandlerName>(Object.values(HANDLERS));
const isHandler = (name: string) => HANDLER_NAMES.has(name);

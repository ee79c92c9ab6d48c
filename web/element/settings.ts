import type { ToolbarKind } from './toolbar/toolbar.ts';

/** The attributes whose change the element answers; `theme`, `name` and `autofocus` are read when they matter. */
export const OBSERVED = ['server', 'document', 'token', 'mode', 'readonly', 'guest-name', 'placeholder', 'toolbar', 'label'] as const;

/** What the page asks for by attributes. Whom it speaks for, `token` and `guest-name`, is the speaker's to read. */
export interface Settings {
  /** As written; `null`: the site this module came from. */
  readonly server: string | null;
  readonly documentName: string;
  /** The page wants it read-only, whatever the user may. */
  readonly shownForReading: boolean;
  readonly toolbar: ToolbarKind | 'none';
  readonly label: string;
  readonly placeholder: string;
  readonly autofocus: boolean;
}

export function settingsOf(host: HTMLElement): Settings {
  return {
    server: host.getAttribute('server'),
    documentName: host.getAttribute('document') ?? '',
    shownForReading: host.getAttribute('mode') === 'view' || host.hasAttribute('readonly'),
    toolbar: (host.getAttribute('toolbar') ?? 'full') as ToolbarKind | 'none',
    label: host.getAttribute('label') ?? 'Document',
    placeholder: host.getAttribute('placeholder') ?? 'Write, or type / for more',
    autofocus: host.hasAttribute('autofocus'),
  };
}

/** A page takes the place it is given and returns how to leave. */
export type Page = (place: HTMLElement, navigate: (path: string) => void) => () => void;

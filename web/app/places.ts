/** The path that the server is under, without a slash at its end; '' at the root of its host. The page says it, whose links the server wrote. */
export const BASE = new URL(document.querySelector<HTMLLinkElement>('link[rel="index"]')!.href).pathname.replace(/\/$/, '');

/** The path of this page or of a link of the app, as if the server were at the root of its host. */
export function pathOf({ pathname }: { readonly pathname: string }): string {
  return pathname.slice(BASE.length) || '/';
}

/** The elements of this page that hold edits which closing it would lose. */
const holding = new Set<object>();

/** Whether the browser asks before this page is closed, on behalf of `holder`: several editors may be on one page. */
export function askBeforeLeaving(holder: object, ask: boolean): void {
  if (ask) holding.add(holder);
  else holding.delete(holder);
  if (holding.size > 0) window.addEventListener('beforeunload', onLeave);
  else window.removeEventListener('beforeunload', onLeave);
}

function onLeave(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

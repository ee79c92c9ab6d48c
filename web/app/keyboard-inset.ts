/** Keeps `--keyboard` on the page at the height an on-screen keyboard covers, so that the toolbar can sit above it. Returns how to stop. */
export function watchKeyboard(): () => void {
  const viewport = window.visualViewport;
  if (viewport === null) return () => {};
  const update = () => {
    const covered = Math.max(0, Math.round(window.innerHeight - viewport.height - viewport.offsetTop));
    document.documentElement.style.setProperty('--keyboard', `${covered}px`);
  };
  viewport.addEventListener('resize', update);
  viewport.addEventListener('scroll', update);
  update();
  return () => {
    viewport.removeEventListener('resize', update);
    viewport.removeEventListener('scroll', update);
    document.documentElement.style.removeProperty('--keyboard');
  };
}

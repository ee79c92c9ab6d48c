import { computePosition, flip, offset, type Placement, shift, size } from '@floating-ui/dom';

/** Pixels; a longer menu scrolls. */
const MAX_HEIGHT = 600;

/** Where something floats from. */
export interface Anchor {
  getBoundingClientRect(): DOMRect;
  /** The element whose movement moves the anchor, when it is not an element itself. */
  readonly contextElement?: Element;
}

export interface FloatingOptions {
  /** Where the surface is inserted: inside the shadow root, so that focus and styles stay there. */
  readonly root: ShadowRoot | HTMLElement;
  readonly anchor: Anchor;
  readonly placement?: Placement;
  /** Called once, whoever closed it. */
  readonly onClose?: () => void;
  /** A press outside closes it; true unless told otherwise. */
  readonly closeOnOutside?: boolean;
}

export interface Floating {
  readonly close: () => void;
  readonly reposition: () => void;
}

/** Shows `surface` beside the anchor in the top layer, inside the window, until closed by Escape, a press outside, or `close`. */
export function float(surface: HTMLElement, options: FloatingOptions): Floating {
  const { root, anchor, placement = 'bottom-start', closeOnOutside = true } = options;
  let open = true;
  surface.classList.add('floating');
  surface.setAttribute('popover', 'manual');
  root.append(surface);
  surface.showPopover();

  const reposition = () => {
    void computePosition(anchor, surface, {
      strategy: 'fixed',
      placement: mirrored(placement, surface),
      middleware: [
        offset(6),
        flip({ padding: 8 }),
        shift({ padding: 8 }),
        size({
          padding: 8,
          apply: ({ availableHeight }) => surface.style.setProperty('max-block-size', `${Math.min(MAX_HEIGHT, availableHeight)}px`),
        }),
      ],
    }).then(({ x, y }) => {
      surface.style.setProperty('left', `${Math.round(x)}px`);
      surface.style.setProperty('top', `${Math.round(y)}px`);
    });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  const onPress = (event: Event) => {
    const path = event.composedPath();
    if (!path.includes(surface) && !(anchor instanceof Element && path.includes(anchor))) close();
  };
  const close = () => {
    if (!open) return;
    open = false;
    surface.removeEventListener('keydown', onKey);
    document.removeEventListener('pointerdown', onPress, true);
    window.removeEventListener('scroll', reposition, true);
    window.removeEventListener('resize', reposition);
    surface.remove();
    options.onClose?.();
  };

  surface.addEventListener('keydown', onKey);
  if (closeOnOutside) document.addEventListener('pointerdown', onPress, true);
  window.addEventListener('scroll', reposition, true);
  window.addEventListener('resize', reposition);
  reposition();
  return { close, reposition };
}

function mirrored(placement: Placement, surface: HTMLElement): Placement {
  if (getComputedStyle(surface).direction !== 'rtl') return placement;
  return placement.replace(/start|end/, (side) => (side === 'start' ? 'end' : 'start')) as Placement;
}

/** A button with a menu. It stands in the browser's top layer, which closes it at Esc and at a press beside it. */
import { type CSSProperties, type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';

export interface Entry {
  readonly label: string;
  readonly about?: string;
  readonly sign?: string;
  readonly isDangerous?: boolean;
  readonly act: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly face: ReactNode;
  readonly className?: string;
  readonly entries: readonly Entry[];
  /** In rows and without words: for emoji. */
  readonly isGrid?: boolean;
  /** It opens or has closed. */
  readonly onOpen?: (isOpen: boolean) => void;
}

const GAP = 4;

export function Menu({ label, face, className = 'icon-button', entries, isGrid = false, onOpen }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [style, setStyle] = useState<CSSProperties>({});

  const items = (): readonly HTMLElement[] => [
    ...(box.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? []),
  ];

  const open = (): void => {
    if (box.current === null || button.current === null) return;
    box.current.showPopover();
    setStyle(besides(button.current.getBoundingClientRect(), box.current.getBoundingClientRect()));
    items()[0]?.focus();
  };

  const close = (): void => {
    box.current?.hidePopover();
    button.current?.focus();
  };

  const move = (event: KeyboardEvent): void => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: all.length - 1,
    };
    const next = steps[event.key];
    if (event.key === 'Tab') box.current?.hidePopover();
    // The browser tells that it has closed a moment later: whoever opens it again at once is quicker.
    if (event.key === 'Tab' || event.key === 'Escape') setOpen(false);
    if (next === undefined) return;
    event.preventDefault();
    all[(next + all.length) % all.length]?.focus();
  };

  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => (isOpen ? close() : open())}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          open();
        }}
      >
        {face}
      </button>
      <div
        ref={box}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className={isGrid ? 'menu menu-grid' : 'menu'}
        style={style}
        onKeyDown={move}
        onToggle={(event) => {
          const shows = event.newState === 'open';
          setOpen(shows);
          onOpen?.(shows);
        }}
      >
        {entries.map(({ label: words, about = '', sign, isDangerous = false, act }) => (
          <button
            key={words}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className={isDangerous ? 'menu-item menu-danger' : 'menu-item'}
            {...(isGrid ? { 'aria-label': words, title: words } : {})}
            onClick={() => {
              close();
              act();
            }}
          >
            {sign !== undefined && (
              <span className="menu-sign" aria-hidden="true">
                {sign}
              </span>
            )}
            {!isGrid && <span>{words}</span>}
            {!isGrid && about !== '' && <span className="menu-about">{about}</span>}
          </button>
        ))}
      </div>
    </>
  );
}

/** Below the button, or above where there is no room; always inside of the window. */
function besides(button: DOMRect, box: DOMRect): CSSProperties {
  const below = button.bottom + GAP;
  const top = below + box.height > innerHeight - GAP ? Math.max(GAP, button.top - GAP - box.height) : below;
  const left = Math.max(GAP, Math.min(button.left, innerWidth - box.width - GAP));
  return { top, left };
}

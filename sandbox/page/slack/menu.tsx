import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { putBeside } from './put-beside.ts';

export interface MenuItem {
  readonly key: string;
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
  choose(): unknown;
}

interface MenuProps {
  readonly class: string;
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly children: ComponentChildren;
}

/** A button that opens a menu: arrow keys, Home, End and Enter in it; Escape and a click elsewhere close it. */
export function Menu({ class: name, label, items, children }: MenuProps) {
  const [isOpen, open] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  return (
    <>
      <button
        ref={button}
        type="button"
        class={`${name} quiet`}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => open(!isOpen)}
      >
        {children}
      </button>
      {isOpen && (
        <Panel
          id={id}
          label={label}
          items={items}
          anchor={button}
          close={() => {
            open(false);
            button.current?.focus();
          }}
        />
      )}
    </>
  );
}

interface PanelProps {
  readonly id: string;
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly anchor: { readonly current: HTMLElement | null };
  close(): void;
}

function Panel({ id, label, items, anchor, close }: PanelProps) {
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current } = panel;
    if (current === null || anchor.current === null) return;
    current.showPopover();
    putBeside(current, anchor.current);
    entriesOf(current)[0]?.focus();
    const closeOutside = ({ target }: Event) => {
      const isInside =
        target instanceof Node && (current.contains(target) || anchor.current?.contains(target));
      if (!isInside) close();
    };
    addEventListener('pointerdown', closeOutside);
    return () => removeEventListener('pointerdown', closeOutside);
  }, []);

  function onKeyDown(event: KeyboardEvent): void {
    if (panel.current === null) return;
    const entries = entriesOf(panel.current);
    const at = entries.findIndex((entry) => entry.matches(':focus'));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) entries.at(to % entries.length)?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      ref={panel}
      id={id}
      class="menu"
      role="menu"
      aria-label={label}
      popover="manual"
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      {items.map((item) => (
        <button
          key={item.key}
          type="button"
          role="menuitem"
          class="menu-item"
          tabIndex={-1}
          onClick={() => {
            close();
            item.choose();
          }}
        >
          {item.label}
          {item.hint && <small>{item.hint}</small>}
        </button>
      ))}
    </div>
  );
}

function entriesOf(panel: HTMLElement): HTMLElement[] {
  return [...panel.querySelectorAll<HTMLElement>('[role=menuitem]')];
}

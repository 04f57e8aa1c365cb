import type { ComponentChildren, RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

export interface ListboxOption {
  readonly key: string;
  readonly content: ComponentChildren;
  take(): void;
}

interface ListboxProps {
  readonly id: string;
  readonly class: string;
  readonly label: string;
  readonly options: readonly ListboxOption[];
  /** Of the marked one; −1 for none. */
  readonly active: number;
  readonly panel?: RefObject<HTMLDivElement | null>;
  /** It lies above everything, and is put beside its field. */
  readonly isPopover?: boolean;
}

/** The list of a combobox, whose field keeps the focus and the keys and names the marked option. */
export function Listbox({ id, class: name, label, options, active, panel, isPopover = false }: ListboxProps) {
  useEffect(() => {
    document.getElementById(optionId(id, active))?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div
      ref={panel ?? null}
      id={id}
      class={name}
      role="listbox"
      tabIndex={-1}
      aria-label={label}
      popover={isPopover ? 'manual' : undefined}
      // A press must not take the focus from the field, which would close the list before the click.
      onMouseDown={(event) => event.preventDefault()}
    >
      {options.length === 0 && (
        <div class="nothing" role="option" tabIndex={-1} aria-disabled="true" aria-selected="false">
          Nothing found
        </div>
      )}
      {options.map(({ key, content, take }, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
        <div
          key={key}
          id={optionId(id, index)}
          class="menu-item"
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          onClick={take}
        >
          {content}
        </div>
      ))}
    </div>
  );
}

/** For `aria-activedescendant`. */
export function optionId(listId: string, index: number): string {
  return `${listId}-${index}`;
}

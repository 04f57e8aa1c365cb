import type { ComponentChildren } from 'preact';

interface ScrollProps {
  readonly class: string;
  /** What is in it, for screen readers. */
  readonly label: string;
  readonly children: ComponentChildren;
}

/** Scrolls in itself where it is larger than its place; the keyboard reaches it. */
export function Scroll({ class: name, label, children }: ScrollProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    // biome-ignore lint/a11y/useSemanticElements: it is no group of fields
    <div class={name} role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}

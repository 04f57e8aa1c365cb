import type { Mark } from './describe-world.ts';

const TONES: Readonly<Record<Mark, string>> = { '✓': 'good', '✗': 'bad', '◌': 'warn', '–': 'muted' };

/** A shape with a color; the words beside it say the same. */
export function StatusMark({ mark }: { readonly mark: Mark }) {
  return (
    <span class={`rack-mark rack-${TONES[mark]}`} aria-hidden="true">
      {mark}
    </span>
  );
}

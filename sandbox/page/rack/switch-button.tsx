import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';

/** A button that says what and where; `pressed` is left out for what happens once. Busy until its work is done. */
export function SwitchButton({
  pressed,
  name,
  onPress,
  children,
}: {
  readonly pressed?: boolean;
  /** For screen readers; contains what is written on it. */
  readonly name: string;
  readonly onPress: () => Promise<void>;
  readonly children: ComponentChildren;
}) {
  const [busy, setBusy] = useState(false);
  const press = async () => {
    setBusy(true);
    await onPress().finally(() => setBusy(false));
  };
  return (
    <button
      type="button"
      class="rack-switch"
      aria-pressed={pressed}
      aria-label={name}
      aria-disabled={busy}
      title={name}
      onClick={() => {
        if (!busy) void press();
      }}
    >
      {children}
    </button>
  );
}

/** A row with its switches at the right, and a button that opens further ones below it. */
export function SwitchRow({
  isChanged,
  what,
  switches,
  more,
  moreName,
}: {
  /** Changed a moment ago. */
  readonly isChanged: boolean;
  readonly what: ComponentChildren;
  readonly switches?: ComponentChildren;
  readonly more: ComponentChildren;
  readonly moreName: string;
}) {
  const [isOpen, open] = useState(false);
  const id = useId();
  return (
    <>
      <div class={isChanged ? 'rack-row rack-changed' : 'rack-row'}>
        <span class="rack-what">{what}</span>
        <span class="rack-switches">
          {switches}
          <button
            type="button"
            class="rack-switch rack-more"
            aria-label={moreName}
            title={moreName}
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            onClick={() => open(!isOpen)}
          >
            ⋯
          </button>
        </span>
      </div>
      {isOpen && (
        <div id={id} class="rack-panel">
          {more}
        </div>
      )}
    </>
  );
}

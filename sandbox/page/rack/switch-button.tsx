import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

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

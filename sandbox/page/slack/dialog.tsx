import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface DialogProps {
  readonly class: string;
  readonly labelledBy: string;
  readonly children: ComponentChildren;
  /** Escape. */
  readonly onCancel: () => void;
}

/** A modal dialog: the browser keeps the focus in it, and gives it back at the end to where it was. */
export function Dialog({ class: name, labelledBy, children, onCancel }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      class={name}
      aria-labelledby={labelledBy}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
    >
      {children}
    </dialog>
  );
}

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { tell } from '../server.ts';
import { me, modals, type View } from '../state.ts';
import { type Outcome, report } from './act.ts';
import { Blocks } from './blocks.tsx';
import { Dialog } from './dialog.tsx';
import { enteredIn } from './entries.ts';
import { fieldErrors } from './input-block.tsx';
import { Scroll } from './scroll.tsx';
import { TextOf } from './text-of.tsx';

/** The topmost modal of who I am. One dialog shows the whole stack in turn. */
export function Modal() {
  const view = modals.value.at(-1);
  if (view === undefined) return null;
  return (
    <Dialog class="modal" labelledBy="modal-title" onCancel={() => close(view)}>
      <Sheet key={view.id} view={view} />
    </Dialog>
  );
}

function Sheet({ view }: { readonly view: View }) {
  const form = useRef<HTMLFormElement>(null);
  const [isBusy, setBusy] = useState(false);
  useLayoutEffect(() => {
    fieldErrors.value = {};
  }, []);
  useLayoutEffect(() => focusFirst(form.current), [view.hash]);

  async function submit(): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    try {
      const sent = { user: me.value, viewId: view.id, values: enteredIn(view) };
      const result = await tell<Outcome>('submit-view', sent);
      fieldErrors.value = result.errors ?? {};
      if (result.errors) requestAnimationFrame(() => focusError(form.current));
      else report(result);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      ref={form}
      class="sheet"
      noValidate
      aria-busy={isBusy}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <header>
        <h2 id="modal-title">{view.title && <TextOf text={view.title} />}</h2>
        <button type="button" class="quiet sheet-close" aria-label="Close" onClick={() => close(view)}>
          ✕
        </button>
      </header>
      <Scroll class="sheet-body" label="Form">
        <Blocks blocks={view.blocks} place={{ viewId: view.id }} />
      </Scroll>
      <footer>
        <button type="button" class="button" onClick={() => close(view)}>
          {view.close ? <TextOf text={view.close} /> : 'Cancel'}
        </button>
        {view.submit && (
          <button type="submit" class="button primary" disabled={view.submit_disabled} aria-busy={isBusy}>
            <TextOf text={view.submit} />
          </button>
        )}
      </footer>
    </form>
  );
}

/** The first field, also when it comes only after the form was loading; never away from where somebody already is. */
function focusFirst(form: HTMLFormElement | null): void {
  if (form?.querySelector(':focus:not(.sheet-close)')) return;
  const first = form?.querySelector<HTMLElement>('.sheet-body :is(input, textarea, select, button)');
  (first ?? form?.querySelector<HTMLElement>('.sheet-close'))?.focus();
}

function focusError(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLElement>('[aria-invalid=true], .invalid input')?.focus();
}

function close(view: View): void {
  void tell<Outcome>('close-view', { user: me.value, viewId: view.id }).then((closed) => {
    // A second Escape, before the page heard of the first.
    if (closed.error !== 'view_not_found') report(closed);
  });
}

import { signal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { Confirm } from './block-types.ts';
import { Dialog } from './dialog.tsx';
import { TextOf } from './text-of.tsx';

interface Question {
  readonly confirm: Confirm;
  answer(isYes: boolean): void;
}

const question = signal<Question | undefined>(undefined);

/** Asks before a dangerous button; true at once where there is nothing to ask. */
export function confirmed(confirm: Confirm | undefined): Promise<boolean> {
  if (confirm === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    question.value?.answer(false);
    question.value = {
      confirm,
      answer(isYes) {
        question.value = undefined;
        resolve(isYes);
      },
    };
  });
}

export function ConfirmDialog() {
  const title = useId();
  if (question.value === undefined) return null;
  const { confirm, answer } = question.value;
  return (
    <Dialog class="confirm" labelledBy={title} onCancel={() => answer(false)}>
      <h2 id={title}>{confirm.title ? <TextOf text={confirm.title} /> : 'Are you sure?'}</h2>
      <div class="confirm-text">
        <TextOf text={confirm.text} />
      </div>
      <footer>
        <button type="button" class="button" onClick={() => answer(false)}>
          {confirm.deny ? <TextOf text={confirm.deny} /> : 'Cancel'}
        </button>
        <button type="button" class={`button ${confirm.style ?? 'primary'}`} onClick={() => answer(true)}>
          {confirm.confirm ? <TextOf text={confirm.confirm} /> : 'Yes'}
        </button>
      </footer>
    </Dialog>
  );
}

import { tell } from '../server.ts';
import { home, me, modals, type View } from '../state.ts';
import type { Confirm, Place } from './block-types.ts';
import { confirmed } from './confirm.tsx';
import { type Entry, enteredIn } from './entries.ts';
import { toast } from './toasts.tsx';

/** What the sandbox answers to what somebody did. */
export interface Outcome {
  readonly ok: boolean;
  readonly error?: string;
  /** block_id → sentence */
  readonly errors?: Readonly<Record<string, string>>;
}

interface Used {
  readonly type: string;
  readonly action_id?: string | undefined;
  readonly confirm?: Confirm | undefined;
}

/**
 * Tells the app what somebody pressed or chose, after a question where the element has one; `extra` is what that type
 * of element adds to the action. Whether it was told.
 */
export async function act(place: Place, blockId: string, element: Used, extra: Entry): Promise<boolean> {
  if (!(await confirmed(element.confirm))) return false;
  const action = { block_id: blockId, action_id: element.action_id, type: element.type, ...extra };
  report(await tell<Outcome>('interact', { ...place, ...valuesOf(place), user: me.value, action }));
  return true;
}

/** What the inputs hold, where the element stands among inputs. */
export function valuesOf(place: Place): { readonly values?: ReturnType<typeof enteredIn> } {
  const view = 'viewId' in place ? viewOf(place.viewId) : undefined;
  return view === undefined ? {} : { values: enteredIn(view) };
}

function viewOf(id: string): View | undefined {
  return [...modals.value, home.value].find((view) => view?.id === id) ?? undefined;
}

/** Says it where something did not work, in Slack's manner. */
export function report({ ok, error = '' }: Outcome): void {
  if (!ok) toast(FAILED[error] ?? error);
}

const FAILED: Readonly<Record<string, string>> = {
  operation_timeout: 'The app did not answer in time (operation_timeout).',
  dispatch_failed: 'The app could not be reached (dispatch_failed).',
  message_not_found: 'That message is gone.',
  view_not_found: 'That form was closed in the meantime.',
  trouble_connecting: 'We had some trouble connecting. Try again?',
};

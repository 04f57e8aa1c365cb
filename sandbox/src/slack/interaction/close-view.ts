import type { Backend } from '../backend.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { whoAndWhere } from './payload-parts.ts';

/** Somebody closes a modal, or with `all` the whole stack; the app hears of it when it asked to. */
export async function closeView(
  backend: Backend,
  closing: { readonly user: string; readonly viewId: string; readonly all?: boolean },
): Promise<Outcome> {
  const user = backend.directory.user(closing.user);
  const open = backend.views.find(closing.viewId);
  if (user === undefined) return { ok: false, error: 'user_not_found' };
  if (open === undefined || open.user !== user.id) return { ok: false, error: 'view_not_found' };
  const isCleared = closing.all === true || open.view.clear_on_close;
  if (isCleared) backend.views.clear(user.id);
  else backend.views.close(user.id, open.view.id);
  if (!open.view.notify_on_close) return { ok: true, ack_ms: 0 };
  const delivered = await backend.delivery.deliver({
    type: 'interactive',
    acceptsResponse: false,
    payload: { type: 'view_closed', ...whoAndWhere(backend, user), view: open.view, is_cleared: isCleared },
  });
  return outcomeOf(delivered);
}

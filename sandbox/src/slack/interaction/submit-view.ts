import type { Backend } from '../backend.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { View } from '../view.ts';
import { checkedView } from '../web-api/views.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { whoAndWhere } from './payload-parts.ts';
import { type Entered, entryErrors, viewValues } from './view-values.ts';

/** Somebody presses the submit button of a modal. */
export interface Submission {
  readonly user: string;
  readonly viewId: string;
  readonly values: Entered;
}

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload#view_submission */
export async function submitView(backend: Backend, submission: Submission): Promise<Outcome> {
  const user = backend.directory.user(submission.user);
  const open = backend.views.find(submission.viewId);
  if (user === undefined) return { ok: false, error: 'user_not_found' };
  if (open === undefined || open.user !== user.id) return { ok: false, error: 'view_not_found' };
  const values = viewValues(open.view, submission.values);
  const errors = entryErrors(open.view, values);
  // Slack's client refuses these by itself; the app hears nothing.
  if (Object.keys(errors).length > 0) return { ok: false, error: 'invalid_entries', errors };
  const view = backend.views.keep(user.id, open.view, values);
  const delivered = await backend.delivery.deliver({
    type: 'interactive',
    acceptsResponse: true,
    payload: {
      type: 'view_submission',
      ...whoAndWhere(backend, user),
      trigger_id: backend.triggers.issue(user.id),
      view,
      response_urls: [],
    },
  });
  if (!delivered.ok) return outcomeOf(delivered);
  const answered = isObject(delivered.response) ? delivered.response : {};
  return { ...outcomeOf(delivered), ...respond(backend, user.id, view, answered) };
}

/** What the app's answer does to the stack. */
function respond(backend: Backend, user: string, view: View, answered: JsonObject): JsonObject {
  const action = answered.response_action;
  switch (action) {
    case undefined:
      backend.views.close(user, view.id);
      return {};
    case 'clear':
      backend.views.clear(user);
      return { response_action: action };
    case 'errors':
      return shownErrors(backend, view, answered.errors);
    case 'update':
    case 'push': {
      const checked = checkedView(answered.view, backend.knownBlocks);
      if ('refusal' in checked) return refused(backend, checked.refusal.body);
      const changed =
        action === 'push'
          ? backend.views.push(user, checked.view)
          : backend.views.update({ id: view.id }, checked.view);
      return 'error' in changed ? refused(backend, changed) : { response_action: action };
    }
    default:
      return refused(backend, { error: 'invalid_response_action' });
  }
}

/** The keys must be block_ids of input blocks, else Slack shows a connection error. */
function shownErrors(backend: Backend, view: View, errors: unknown): JsonObject {
  const inputs = view.blocks.filter((block) => block.type === 'input').map((block) => String(block.block_id));
  const known = isObject(errors) && Object.keys(errors).every((key) => inputs.includes(key));
  if (!known || Object.keys(errors).length === 0)
    return refused(backend, { error: 'invalid_errors', errors });
  return { response_action: 'errors', errors };
}

/** Slack shows "We had some trouble connecting" and keeps the modal. */
function refused(backend: Backend, why: JsonObject): JsonObject {
  backend.log.add({ kind: 'view', ...why, ok: false });
  return { ok: false, error: 'trouble_connecting', detail: why };
}

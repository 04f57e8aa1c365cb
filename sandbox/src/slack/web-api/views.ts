import { faultMessages } from '../block-kit/fault.ts';
import type { KnownBlocks } from '../block-kit/validate-blocks.ts';
import { validateView } from '../block-kit/validate-view.ts';
import { jsonArgument } from '../content.ts';
import { isObject, type JsonObject, stringIn } from '../json.ts';
import type { Changed } from '../views.ts';
import { type Answer, answer, type Call, type Method, missingArgument, refuse } from './answer.ts';

/** Slack does not say how large a view may be; 250 kB of JSON is what clients saw refused. */
const MAX_VIEW_BYTES = 250_000;

/** https://docs.slack.dev/reference/methods/views.open */
export const open: Method = (call) => withTrigger(call, (user, view) => call.backend.views.open(user, view));

/** https://docs.slack.dev/reference/methods/views.push */
export const push: Method = (call) => withTrigger(call, (user, view) => call.backend.views.push(user, view));

/** https://docs.slack.dev/reference/methods/views.update */
export const update: Method = ({ backend, args }) => {
  const checked = checkedView(jsonArgument(args, 'view'), backend.knownBlocks);
  if ('refusal' in checked) return checked.refusal;
  const which = { id: stringIn(args, 'view_id'), externalId: stringIn(args, 'external_id') };
  return seen(backend.views.update(which, checked.view, stringIn(args, 'hash')));
};

/** https://docs.slack.dev/reference/methods/views.publish */
export const publish: Method = ({ backend, args }) => {
  const user = stringIn(args, 'user_id');
  if (user === undefined) return missingArgument('user_id');
  if (backend.directory.user(user) === undefined) return refuse('user_not_found');
  const checked = checkedView(jsonArgument(args, 'view'), backend.knownBlocks);
  if ('refusal' in checked) return checked.refusal;
  return seen(backend.views.publish(user, checked.view, stringIn(args, 'hash')));
};

/** A view that Slack would take, or its refusal. */
export function checkedView(
  view: unknown,
  known: KnownBlocks,
): { readonly view: JsonObject } | { readonly refusal: Answer } {
  if (!isObject(view)) return { refusal: missingArgument('view') };
  const faults = validateView(view, known);
  if (faults.length > 0) return { refusal: refuse('invalid_arguments', faultMessages(faults, 'view')) };
  if (Buffer.byteLength(JSON.stringify(view)) > MAX_VIEW_BYTES) return { refusal: refuse('view_too_large') };
  return { view };
}

function withTrigger({ backend, args }: Call, show: (user: string, view: JsonObject) => Changed): Answer {
  const trigger = stringIn(args, 'trigger_id');
  if (trigger === undefined) return missingArgument('trigger_id');
  const checked = checkedView(jsonArgument(args, 'view'), backend.knownBlocks);
  if ('refusal' in checked) return checked.refusal;
  const redeemed = backend.triggers.redeem(trigger);
  return 'error' in redeemed ? refuse(redeemed.error) : seen(show(redeemed.user, checked.view));
}

function seen(changed: Changed): Answer {
  return 'error' in changed ? refuse(changed.error) : answer({ view: changed.view });
}

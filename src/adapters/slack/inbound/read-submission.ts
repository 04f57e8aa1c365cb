import type { ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { parseJson } from '../../../domain/parse-json.ts';
import type { DecisionRequest } from '../../../workflow/requests.ts';
import { type Confirmed, type DialogMemory, REASON_FIELD } from '../blocks/confirm-blocks.ts';

const memorySchema: z.ZodType<DialogMemory> = z.object({
  change: z.string().max(64),
  digest: z.string().max(64),
  channel: z.string(),
});

/** What somebody confirmed in a dialog of ours, with the reason that they gave; undefined for any other view. */
export function readSubmission({
  view,
  user,
  team,
}: ViewSubmitAction): { readonly what: Confirmed; readonly click: DecisionRequest } | undefined {
  const what = CONFIRMED.find((one) => one === view.callback_id);
  const memory = memorySchema.safeParse(parseJson(view.private_metadata));
  if (what === undefined || !memory.success) return undefined;
  const { change: changeId, digest, channel } = memory.data;
  const reason = view.state.values[REASON_FIELD.block]?.[REASON_FIELD.action]?.value?.trim() ?? '';
  return {
    what,
    click: {
      person: { userId: user.id, teamId: user.team_id ?? team?.id ?? '' },
      channel,
      changeId,
      digest,
      ...(reason === '' ? {} : { reason }),
    },
  };
}

const CONFIRMED: readonly Confirmed[] = ['reject', 'break-glass'];

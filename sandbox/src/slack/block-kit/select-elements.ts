import { z } from 'zod';
import { confirm, conversationFilter, option, optionGroup } from './composition.ts';
import { LIMITS } from './limits.ts';
import { identifier, plainText } from './text.ts';

const shared = {
  action_id: identifier,
  placeholder: plainText(LIMITS.placeholder).optional(),
  confirm: confirm.optional(),
  focus_on_load: z.boolean().optional(),
};
const several = { ...shared, max_selected_items: z.int().min(1).optional() };
const choices = {
  options: z.array(option).min(1).max(LIMITS.selectOptions).optional(),
  option_groups: z.array(optionGroup).min(1).max(LIMITS.selectGroups).optional(),
};
const conversations = {
  default_to_current_conversation: z.boolean().optional(),
  filter: conversationFilter.optional(),
};
const responseUrl = { response_url_enabled: z.boolean().optional() };
const query = { min_query_length: z.int().min(0).optional() };
const ids = z.array(z.string()).min(1).optional();
const options = z.array(option).min(1).max(LIMITS.selectOptions).optional();

/** Every select menu, for one choice and for several. */
export const selects = [
  z
    .strictObject({
      type: z.literal('static_select'),
      ...shared,
      ...choices,
      initial_option: option.optional(),
    })
    .refine(...optionsOrGroups()),
  z
    .strictObject({
      type: z.literal('multi_static_select'),
      ...several,
      ...choices,
      initial_options: options,
    })
    .refine(...optionsOrGroups()),
  z.strictObject({
    type: z.literal('external_select'),
    ...shared,
    ...query,
    initial_option: option.optional(),
  }),
  z.strictObject({
    type: z.literal('multi_external_select'),
    ...several,
    ...query,
    initial_options: options,
  }),
  z.strictObject({ type: z.literal('users_select'), ...shared, initial_user: z.string().optional() }),
  z.strictObject({ type: z.literal('multi_users_select'), ...several, initial_users: ids }),
  z.strictObject({
    type: z.literal('conversations_select'),
    ...shared,
    ...conversations,
    ...responseUrl,
    initial_conversation: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('multi_conversations_select'),
    ...several,
    ...conversations,
    initial_conversations: ids,
  }),
  z.strictObject({
    type: z.literal('channels_select'),
    ...shared,
    ...responseUrl,
    initial_channel: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('multi_channels_select'), ...several, initial_channels: ids }),
] as const;

function optionsOrGroups() {
  return [
    (select: { options?: unknown; option_groups?: unknown }) =>
      (select.options === undefined) !== (select.option_groups === undefined),
    'must provide either options or option_groups',
  ] as const;
}

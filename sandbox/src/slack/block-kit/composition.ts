import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { anyText, characters, plainText, url } from './text.ts';

export const style = z.enum(['primary', 'danger']).optional();

export const confirm = z.strictObject({
  title: plainText(LIMITS.confirmTitle).optional(),
  text: anyText(LIMITS.confirmText),
  confirm: plainText(LIMITS.confirmButton).optional(),
  deny: plainText(LIMITS.confirmButton).optional(),
  style,
});

/** An option of a select menu: its text is plain. */
export const option = z.strictObject({
  text: plainText(LIMITS.optionText),
  value: characters(LIMITS.optionValue, 1),
  description: plainText(LIMITS.optionDescription).optional(),
});

/** An option of an overflow menu: it may be a link. */
export const overflowOption = option.extend({ url: url.optional() });

/** An option of checkboxes and radio buttons: its text may be mrkdwn. */
export const choiceOption = z.strictObject({
  text: anyText(LIMITS.optionText),
  value: characters(LIMITS.optionValue, 1),
  description: anyText(LIMITS.optionDescription).optional(),
});

export const optionGroup = z.strictObject({
  label: plainText(LIMITS.groupLabel),
  options: z.array(option).min(1).max(LIMITS.selectOptions),
});

export const dispatchActionConfig = z.strictObject({
  trigger_actions_on: z
    .array(z.enum(['on_enter_pressed', 'on_character_entered']))
    .min(1)
    .max(2)
    .optional(),
});

export const conversationFilter = z
  .strictObject({
    include: z
      .array(z.enum(['im', 'mpim', 'private', 'public']))
      .min(1)
      .optional(),
    exclude_external_shared_channels: z.boolean().optional(),
    exclude_bot_users: z.boolean().optional(),
  })
  .refine((filter) => Object.keys(filter).length > 0, 'must not be empty');

const slackFile = z
  .strictObject({ id: z.string().optional(), url: url.optional() })
  .refine((file) => (file.id === undefined) !== (file.url === undefined), 'must provide either id or url');

/** The two ways to name a picture; `oneImageSource` says that it must be one of them. */
export const imageSource = { image_url: url.optional(), slack_file: slackFile.optional() };

export function oneImageSource(image: { image_url?: unknown; slack_file?: unknown }): boolean {
  return (image.image_url === undefined) !== (image.slack_file === undefined);
}

export const imageElement = z
  .strictObject({ type: z.literal('image'), alt_text: characters(LIMITS.imageText, 1), ...imageSource })
  .refine(oneImageSource, 'must provide either image_url or slack_file');

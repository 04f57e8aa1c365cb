import { z } from 'zod';
import { confirm, overflowOption, style } from './composition.ts';
import { LIMITS } from './limits.ts';
import { characters, identifier, plainText, url } from './text.ts';

export const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(LIMITS.buttonText),
  action_id: identifier,
  value: characters(LIMITS.buttonValue).optional(),
  url: url.optional(),
  style,
  confirm: confirm.optional(),
  accessibility_label: characters(LIMITS.accessibilityLabel).optional(),
});

export const workflowButton = z.strictObject({
  type: z.literal('workflow_button'),
  text: plainText(LIMITS.buttonText),
  action_id: identifier,
  workflow: z.strictObject({
    trigger: z.strictObject({
      url,
      customizable_input_parameters: z
        .array(z.strictObject({ name: z.string(), value: z.string() }))
        .optional(),
    }),
  }),
  style,
  confirm: confirm.optional(),
  accessibility_label: characters(LIMITS.accessibilityLabel).optional(),
});

export const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: identifier,
  options: z.array(overflowOption).min(1).max(LIMITS.overflowOptions),
  confirm: confirm.optional(),
});

const feedback = z.strictObject({
  text: plainText(LIMITS.buttonText),
  value: characters(LIMITS.buttonValue),
  accessibility_label: characters(LIMITS.accessibilityLabel).optional(),
});

export const feedbackButtons = z.strictObject({
  type: z.literal('feedback_buttons'),
  action_id: identifier,
  positive_button: feedback,
  negative_button: feedback,
});

export const iconButton = z.strictObject({
  type: z.literal('icon_button'),
  icon: z.enum(['trash']),
  text: plainText(LIMITS.buttonText),
  action_id: identifier,
  value: characters(LIMITS.buttonValue).optional(),
  confirm: confirm.optional(),
  accessibility_label: characters(LIMITS.accessibilityLabel).optional(),
  visible_to_user_ids: z.array(z.string()).optional(),
});

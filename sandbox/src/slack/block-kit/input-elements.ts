import { z } from 'zod';
import { choiceOption, confirm, dispatchActionConfig } from './composition.ts';
import { LIMITS } from './limits.ts';
import { richText } from './rich-text.ts';
import { characters, identifier, plainText } from './text.ts';

const actionable = { action_id: identifier };
const focusable = { ...actionable, focus_on_load: z.boolean().optional() };
const confirmable = { ...focusable, confirm: confirm.optional() };
const placeholder = plainText(LIMITS.placeholder).optional();
const typed = { ...focusable, placeholder, dispatch_action_config: dispatchActionConfig.optional() };
const choiceOptions = z.array(choiceOption).min(1).max(LIMITS.choiceOptions);

export const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  ...confirmable,
  options: choiceOptions,
  initial_options: choiceOptions.optional(),
});

export const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  ...confirmable,
  options: choiceOptions,
  initial_option: choiceOption.optional(),
});

export const datepicker = z.strictObject({
  type: z.literal('datepicker'),
  ...confirmable,
  placeholder,
  initial_date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date YYYY-MM-DD')
    .optional(),
});

export const timepicker = z.strictObject({
  type: z.literal('timepicker'),
  ...confirmable,
  placeholder,
  initial_time: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time HH:mm')
    .optional(),
  timezone: z.string().optional(),
});

export const datetimepicker = z.strictObject({
  type: z.literal('datetimepicker'),
  ...confirmable,
  initial_date_time: z.int().optional(),
});

const length = z.int().max(LIMITS.inputLength);

const plainTextInput = z
  .strictObject({
    type: z.literal('plain_text_input'),
    ...typed,
    initial_value: characters(LIMITS.inputLength).optional(),
    multiline: z.boolean().optional(),
    min_length: length.min(0).optional(),
    max_length: length.min(1).optional(),
  })
  .refine(
    (input) => (input.min_length ?? 0) <= (input.max_length ?? LIMITS.inputLength),
    'min_length must not be greater than max_length',
  );

const text = { ...typed, initial_value: z.string().optional() };

/** What only an input block may hold. */
export const inputsOnly = [
  plainTextInput,
  z.strictObject({ type: z.literal('email_text_input'), ...text }),
  z.strictObject({ type: z.literal('url_text_input'), ...text }),
  z.strictObject({
    type: z.literal('number_input'),
    ...text,
    is_decimal_allowed: z.boolean(),
    min_value: z.string().optional(),
    max_value: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('file_input'),
    ...actionable,
    filetypes: z.array(z.string()).optional(),
    max_files: z.int().min(1).max(10).optional(),
  }),
] as const;

export const richTextInput = z.strictObject({
  type: z.literal('rich_text_input'),
  ...typed,
  initial_value: richText.optional(),
  min_lines: z.int().min(1).optional(),
  max_lines: z.int().min(1).optional(),
});

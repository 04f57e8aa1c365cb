import { z } from 'zod';
import { button, overflow, workflowButton } from './button-elements.ts';
import { imageElement, imageSource, oneImageSource } from './composition.ts';
import {
  checkboxes,
  datepicker,
  datetimepicker,
  radioButtons,
  richTextInput,
  timepicker,
} from './input-elements.ts';
import { LIMITS } from './limits.ts';
import { selects } from './select-elements.ts';
import { anyText, characters, identifier, mrkdwn, plainText, url } from './text.ts';

const base = { block_id: identifier };
const clickable = [
  button,
  workflowButton,
  overflow,
  checkboxes,
  radioButtons,
  datepicker,
  timepicker,
] as const;

export const actions = z.strictObject({
  type: z.literal('actions'),
  ...base,
  elements: z
    .array(z.discriminatedUnion('type', [...clickable, ...selects, datetimepicker, richTextInput]))
    .min(1)
    .max(LIMITS.actionsElements),
});

export const context = z.strictObject({
  type: z.literal('context'),
  ...base,
  elements: z
    .array(z.discriminatedUnion('type', [imageElement, plainText(), mrkdwn()]))
    .min(1)
    .max(LIMITS.contextElements),
});

export const divider = z.strictObject({ type: z.literal('divider'), ...base });

export const header = z.strictObject({ type: z.literal('header'), ...base, text: plainText(LIMITS.header) });

export const image = z
  .strictObject({
    type: z.literal('image'),
    ...base,
    alt_text: characters(LIMITS.imageText, 1),
    title: plainText(LIMITS.imageText).optional(),
    ...imageSource,
  })
  .refine(oneImageSource, 'must provide either image_url or slack_file');

export const section = z
  .strictObject({
    type: z.literal('section'),
    ...base,
    text: anyText(LIMITS.sectionText).optional(),
    fields: z.array(anyText(LIMITS.sectionField)).min(1).max(LIMITS.sectionFields).optional(),
    accessory: z.discriminatedUnion('type', [...clickable, ...selects, imageElement]).optional(),
    expand: z.boolean().optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, 'must provide text or fields');

export const video = z.strictObject({
  type: z.literal('video'),
  ...base,
  video_url: url,
  thumbnail_url: url,
  alt_text: z.string().min(1),
  title: plainText(LIMITS.videoTitle),
  title_url: url.optional(),
  author_name: characters(LIMITS.videoAuthor).optional(),
  provider_name: z.string().optional(),
  provider_icon_url: url.optional(),
  description: plainText(LIMITS.videoTitle).optional(),
});

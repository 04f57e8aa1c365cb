import { z } from 'zod';
import {
  checkboxes,
  datepicker,
  datetimepicker,
  inputsOnly,
  radioButtons,
  richTextInput,
  timepicker,
} from './input-elements.ts';
import { LIMITS } from './limits.ts';
import { selects } from './select-elements.ts';
import { identifier, plainText } from './text.ts';

/** A labelled field of a modal or of the Home tab. */
export const input = z.strictObject({
  type: z.literal('input'),
  block_id: identifier,
  label: plainText(LIMITS.inputLabel),
  hint: plainText(LIMITS.inputLabel).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element: z.discriminatedUnion('type', [
    ...inputsOnly,
    ...selects,
    checkboxes,
    radioButtons,
    datepicker,
    timepicker,
    datetimepicker,
    richTextInput,
  ]),
});

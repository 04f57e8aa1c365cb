import type {
  Block,
  InputBlock,
  InputBlockElement,
  KnownBlock,
  ModalView,
  PlainTextOption,
} from '@slack/types';
import { impactWarnings } from '../../../domain/change/impact-warnings.ts';
import { capitalized, counted } from '../../../domain/phrasing.ts';
import { isRefusal, type Refusal } from '../../../domain/refusal.ts';
import { MAX_REASON_LENGTH } from '../../../domain/well-formed.ts';
import { type FormField, type FormOption, isArgument } from '../../../workflow/requests/form-fields.ts';
import type { Form, Preview } from '../../../workflow/requests/forms.ts';
import type { Menu } from '../../../workflow/requests.ts';
import { differenceBlocks, restartBlocks } from './card/plan.ts';
import { clip, escapeInline, escapeInvisible, slackLength } from './escape.ts';
import { menuBlocks } from './menu-blocks.ts';
import { markup, plain, smallPlain } from './message.ts';
import { modal } from './modal.ts';
import { mrkdwn } from './mrkdwn.ts';

/** Prefix of the callback id of a form, before its verb. */
export const FORM = 'form ';
/** The action id of every input of a form; its block id is the id of the field. */
export const FIELD = 'field';

// https://docs.slack.dev/reference/block-kit/composition-objects/option-object and surfaces/modals
const OPTION = { text: 75, description: 75, value: 150 };
const MAX_OPTIONS = 100;
const MAX_SWITCHES = 10;
const MAX_LABEL_CHARS = 150;
const MAX_DIFFERENCE_CHARS = 4_000;
const MAX_PODS_CHARS = 2_000;
const MAX_WARNINGS = 8;
const MAX_WARNING_CHARS = 400;
const MAX_ERROR_CHARS = 300;

/** The menu in a modal. */
export function menuView(menu: Menu | Refusal, refused: (refusal: Refusal) => ModalView): ModalView {
  if (isRefusal(menu)) return refused(menu);
  const blocks = menuBlocks(menu);
  return modal('BGP change', blocks.length === 0 ? [plain('You may not propose any change here.')] : blocks);
}

/** The fields of a command, followed by the preview; `memory` is returned by every action in the view. */
export function formView({ verb, summary, fields }: Form, memory: string, preview: Preview): ModalView {
  return {
    ...modal(capitalized(verb), [
      smallPlain(summary, 300),
      ...aroundPreview(fields.map(inputFor), previewBlocks(preview)),
    ]),
    callback_id: `${FORM}${verb}`,
    private_metadata: memory,
    submit: { type: 'plain_text', text: 'Propose' },
  };
}

/** The same view with another preview: inputs keep their values, because their ids stay the same. */
export function withPreview(blocks: readonly Block[], preview: Preview): readonly Block[] {
  const first = blocks.findIndex(({ type }) => type === 'input');
  const inputs = blocks.filter(({ type }) => type === 'input');
  return [...blocks.slice(0, first), ...aroundPreview(inputs, previewBlocks(preview))];
}

/** Inserts the preview after the fields that it depends on most, so that nobody has to scroll; reason and flags follow. */
function aroundPreview<Item extends Block>(
  inputs: readonly Item[],
  preview: readonly Item[],
): readonly Item[] {
  const last = inputs.findLastIndex(({ block_id: id = '' }) => isArgument(id));
  return [...inputs.slice(0, last + 1), ...preview, ...inputs.slice(last + 1)];
}

/** The error text beside a field. */
export function fieldError({ sentence, next }: Refusal): string {
  return clip(escapeInvisible(`${sentence} ${next}`), MAX_ERROR_CHARS);
}

/** The options in Slack's format, without those whose name is too long. */
export function slackOptions(options: readonly FormOption[]): PlainTextOption[] {
  return options
    .filter(({ value }) => slackLength(value) <= OPTION.value && value !== '')
    .slice(0, MAX_OPTIONS)
    .map(slackOption);
}

function slackOption({ value, label, description }: FormOption): PlainTextOption {
  const text = clip(escapeInvisible(label), OPTION.text).trim() || '–';
  const more = clip(escapeInvisible(description ?? ''), OPTION.description).trim();
  return {
    value,
    text: { type: 'plain_text', text, emoji: false },
    ...(more === '' ? {} : { description: { type: 'plain_text', text: more, emoji: false } }),
  };
}

function inputFor(field: FormField): InputBlock {
  const { id, label, hint, required, input } = field;
  return {
    type: 'input',
    block_id: id,
    optional: !required,
    // A reason does not affect the plan.
    dispatch_action: input !== 'text' && input !== 'channel',
    label: { type: 'plain_text', text: clip(escapeInvisible(label), MAX_LABEL_CHARS), emoji: false },
    ...(hint === undefined
      ? {}
      : { hint: { type: 'plain_text', text: clip(escapeInvisible(hint), MAX_LABEL_CHARS), emoji: false } }),
    element: elementFor(field),
  };
}

function elementFor({ input, options = [], initial }: FormField): InputBlockElement {
  const placeholder = { type: 'plain_text', text: 'Type to search', emoji: false } as const;
  const first = initial === undefined ? [] : slackOptions([initial]);
  const [chosen] = first;
  const initially = chosen === undefined ? {} : { initial_option: chosen };
  switch (input) {
    case 'node':
    case 'change':
      return { type: 'external_select', action_id: FIELD, min_query_length: 0, placeholder, ...initially };
    case 'nodes':
      return { type: 'multi_external_select', action_id: FIELD, min_query_length: 0, placeholder };
    case 'line':
      return {
        type: 'plain_text_input',
        action_id: FIELD,
        max_length: 2_000,
        dispatch_action_config: { trigger_actions_on: ['on_enter_pressed', 'on_character_entered'] },
      };
    case 'text':
      return { type: 'plain_text_input', action_id: FIELD, multiline: true, max_length: MAX_REASON_LENGTH };
    case 'choice':
      return { type: 'static_select', action_id: FIELD, options: slackOptions(options) };
    case 'way':
      return {
        type: 'radio_buttons',
        action_id: FIELD,
        options: slackOptions(options).slice(0, MAX_SWITCHES),
        ...initially,
      };
    case 'switches':
      return { type: 'checkboxes', action_id: FIELD, options: slackOptions(options).slice(0, MAX_SWITCHES) };
    case 'channel':
      return {
        type: 'conversations_select',
        action_id: FIELD,
        filter: { include: ['public', 'private'] },
        ...(initial === undefined ? {} : { initial_conversation: initial.value }),
      };
  }
}

function previewBlocks(preview: Preview): readonly KnownBlock[] {
  if (isRefusal(preview)) return [refusedBlock(preview)];
  if (preview.kind === 'empty')
    return [smallPlain('Plan and impact appear here before you propose anything.')];
  if (preview.kind === 'fault')
    return [smallPlain(`No plan yet: “${preview.field}” is invalid. Propose shows why.`, 300)];
  const { plan, impact, refusal } = preview;
  const warnings = [...impactWarnings(plan, impact), ...plan.warnings];
  const more = warnings.length - MAX_WARNINGS;
  return [
    { type: 'divider' },
    ...(refusal === undefined ? [] : [refusedBlock(refusal)]),
    ...differenceBlocks(plan, MAX_DIFFERENCE_CHARS, impact),
    ...restartBlocks(plan, MAX_PODS_CHARS, impact),
    ...warnings.slice(0, MAX_WARNINGS).map(({ sentence }) => plain(`⚠️ ${sentence}`, MAX_WARNING_CHARS)),
    ...(more > 0 ? [smallPlain(`✂️ ${counted(more, 'more warning')} on the card`)] : []),
  ];
}

function refusedBlock({ sentence, inChat, next }: Refusal): KnownBlock {
  return inChat === undefined
    ? plain(`🚫 ${sentence} ${next}`, MAX_WARNING_CHARS)
    : markup(`🚫 ${mrkdwn(inChat)} ${escapeInline(next, MAX_WARNING_CHARS)}`);
}

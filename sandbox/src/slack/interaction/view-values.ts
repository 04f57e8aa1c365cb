import { codePoints } from '../block-kit/text.ts';
import { isObject, type JsonObject, objectsIn } from '../json.ts';
import type { View, ViewValues } from '../view.ts';

/** What somebody entered: block_id → action_id → a plain value, or a whole one as in state.values. */
export type Entered = { readonly [blockId: string]: { readonly [actionId: string]: unknown } };

/** The state of a view: what was entered, else its initial value, else nothing. */
export function viewValues(view: View, entered: Entered): ViewValues {
  const values: Record<string, Record<string, JsonObject>> = {};
  for (const block of view.blocks) {
    for (const element of elementsOf(block)) {
      const blockId = String(block.block_id);
      const actionId = String(element.action_id);
      const value = enteredValue(element, entered[blockId]?.[actionId]);
      if (value !== undefined) values[blockId] = { ...values[blockId], [actionId]: value };
    }
  }
  return values;
}

/** What Slack's own client would not let through: block_id → sentence. */
export function entryErrors(view: View, values: ViewValues): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of view.blocks) {
    if (block.type !== 'input' || !isObject(block.element)) continue;
    const id = String(block.block_id);
    const value = values[id]?.[String(block.element.action_id)];
    const error = entryError(block, block.element, value ?? {});
    if (error !== undefined) errors[id] = error;
  }
  return errors;
}

function elementsOf(block: JsonObject): JsonObject[] {
  return [block.element, block.accessory, ...objectsIn(block.elements)].filter(isObject);
}

/** Where each type of element keeps its value. */
const KEYS: { readonly [type: string]: string } = {
  plain_text_input: 'value',
  email_text_input: 'value',
  url_text_input: 'value',
  number_input: 'value',
  rich_text_input: 'rich_text_value',
  static_select: 'selected_option',
  external_select: 'selected_option',
  radio_buttons: 'selected_option',
  multi_static_select: 'selected_options',
  multi_external_select: 'selected_options',
  checkboxes: 'selected_options',
  users_select: 'selected_user',
  multi_users_select: 'selected_users',
  conversations_select: 'selected_conversation',
  multi_conversations_select: 'selected_conversations',
  channels_select: 'selected_channel',
  multi_channels_select: 'selected_channels',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
};

function enteredValue(element: JsonObject, given: unknown): JsonObject | undefined {
  const key = KEYS[String(element.type)];
  if (key === undefined) return undefined;
  if (isObject(given)) return { type: element.type, ...given };
  const several = key.endsWith('s');
  const initial = element[key.replace(/^(selected_)?/, 'initial_').replace('rich_text_value', 'value')];
  const value = given === undefined ? initial : chosen(element, key, given);
  return { type: element.type, [key]: value === '' ? null : (value ?? (several ? [] : null)) };
}

/** A plain value names an option by its value. */
function chosen(element: JsonObject, key: string, given: unknown): unknown {
  if (!key.startsWith('selected_option')) return given;
  const groups = objectsIn(element.option_groups).flatMap((group) => objectsIn(group.options));
  const known = [...objectsIn(element.options), ...groups];
  const byValue = (value: unknown) =>
    isObject(value) ? value : (known.find((option) => option.value === value) ?? typedOption(value));
  return Array.isArray(given) ? given.map(byValue) : given === null || given === '' ? null : byValue(given);
}

/** An option that the app offered for what was typed. */
function typedOption(value: unknown): JsonObject {
  return { text: { type: 'plain_text', text: String(value) }, value: String(value) };
}

function entryError(block: JsonObject, element: JsonObject, value: JsonObject): string | undefined {
  const entered = value[KEYS[String(element.type)] ?? ''];
  const empty = entered === undefined || entered === null || (Array.isArray(entered) && entered.length === 0);
  if (empty) return block.optional === true ? undefined : 'Please complete this required field.';
  if (typeof entered !== 'string') return undefined;
  const length = codePoints(entered);
  if (length < Number(element.min_length ?? 0))
    return `Must be at least ${String(element.min_length)} characters.`;
  if (length > Number(element.max_length ?? 3000)) return 'This is too long.';
  return undefined;
}

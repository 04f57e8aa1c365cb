import { type Signal, signal } from '@preact/signals';
import { channel, type View } from '../state.ts';
import type { Actionable, Block, Field, Option, Place, RichText } from './block-types.ts';

/** What an element holds, as in `state.values` and in an action: under the name that its type has for it. */
export interface Entry {
  readonly [name: string]: Entered;
}
export type Entered = string | number | null | Option | RichText | readonly (string | Option)[];

/** By place, block and element; kept while views above are shown, and when the app updates the view. */
const entries = new Map<string, Signal<Entry>>();

export function entryOf(place: Place, blockId: string, element: Field): Signal<Entry> {
  const key = keyOf(place, blockId, element);
  const kept = entries.get(key) ?? signal(initialEntry(element));
  entries.set(key, kept);
  return kept;
}

/** block_id → action_id → what it holds, of every input that was shown. */
export function enteredIn(view: View): Record<string, Record<string, Entry>> {
  const values: Record<string, Record<string, Entry>> = {};
  for (const block of view.blocks) {
    const blockId = block.block_id ?? '';
    for (const element of elementsOf(block)) {
      const entry = entries.get(keyOf({ viewId: view.id }, blockId, element));
      if (entry) values[blockId] = { ...values[blockId], [element.action_id ?? '']: entry.value };
    }
  }
  return values;
}

function elementsOf(block: Block): readonly (Field | Exclude<Actionable, { readonly type: 'image' }>)[] {
  if (block.type === 'input') return [block.element];
  if (block.type === 'actions') return block.elements;
  if (block.type === 'section' && block.accessory && block.accessory.type !== 'image')
    return [block.accessory];
  return [];
}

function keyOf(
  place: Place,
  blockId: string,
  { type, action_id: actionId = '' }: { readonly type: string; readonly action_id?: string | undefined },
): string {
  return JSON.stringify([place, blockId, actionId, type]);
}

function initialEntry(element: Field): Entry {
  switch (element.type) {
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return { value: element.initial_value ?? null };
    case 'rich_text_input':
      return { rich_text_value: element.initial_value ?? null };
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return { selected_option: element.initial_option ?? null };
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes':
      return { selected_options: element.initial_options ?? [] };
    case 'users_select':
      return { selected_user: element.initial_user ?? null };
    case 'multi_users_select':
      return { selected_users: element.initial_users ?? [] };
    case 'channels_select':
      return { selected_channel: element.initial_channel ?? null };
    case 'multi_channels_select':
      return { selected_channels: element.initial_channels ?? [] };
    case 'conversations_select': {
      const current = element.default_to_current_conversation === true ? channel.value : null;
      return { selected_conversation: element.initial_conversation ?? current };
    }
    case 'multi_conversations_select': {
      const current = element.default_to_current_conversation === true ? [channel.value] : [];
      return { selected_conversations: element.initial_conversations ?? current };
    }
    case 'datepicker':
      return { selected_date: element.initial_date ?? null };
    case 'timepicker':
      return { selected_time: element.initial_time ?? null };
    case 'datetimepicker':
      return { selected_date_time: element.initial_date_time ?? null };
    case 'file_input':
      return {};
  }
}

import { tell } from '../server.ts';
import { channels, me, myChannels, people, users } from '../state.ts';
import { type Outcome, report, valuesOf } from './act.ts';
import type { Option } from './block-types.ts';
import { type Choice, Combobox } from './combobox.tsx';
import { plainString } from './emoji.tsx';
import type { Entered } from './entries.ts';
import { valuesIn } from './field-choices.tsx';
import type { FieldProps, SelectElement } from './field-props.ts';

/** A menu: the browser's own where one of a known list is chosen, else one to type in. */
export function SelectField({ element, entry, choose, place, blockId, control }: FieldProps<SelectElement>) {
  const key = KEYS[element.type];
  const known = choicesOf(element);
  const held = entry.value[key];
  const chosen = valuesIn(held).map(
    (value) => known.find((choice) => choice.value === value) ?? heldChoice(held, value),
  );
  const isSeveral = key.endsWith('s');
  const placeholder = plainString(element.placeholder?.text ?? 'Choose…');

  function take(choices: readonly Choice[]): void {
    const values = choices.map(({ option, value }) => option ?? value);
    choose({ [key]: isSeveral ? values : (values[0] ?? null) });
  }

  if (!isSeveral && element.type !== 'external_select')
    return <NativeSelect {...{ known, chosen, placeholder, control, take }} />;
  const isExternal = element.type === 'external_select' || element.type === 'multi_external_select';
  async function find(typed: string): Promise<readonly Choice[]> {
    if (!isExternal) return known.filter(({ label }) => label.toLowerCase().includes(typed.toLowerCase()));
    const query = { block_id: blockId, action_id: element.action_id, value: typed };
    const offered = await tell<Offered>('suggest', {
      ...place,
      ...valuesOf(place),
      user: me.value,
      ...query,
    });
    report(offered);
    const groups = offered.option_groups ?? [{ options: offered.options ?? [] }];
    return groups.flatMap(({ label, options }) => options.map((option) => choiceOf(option, label?.text)));
  }
  return (
    <Combobox
      control={control}
      placeholder={placeholder}
      isSeveral={isSeveral}
      max={'max_selected_items' in element ? (element.max_selected_items ?? Infinity) : Infinity}
      chosen={chosen}
      onChoose={take}
      minimum={isExternal ? (element.min_query_length ?? DEFAULT_QUERY_LENGTH) : 0}
      find={find}
    />
  );
}

/** https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select */
const DEFAULT_QUERY_LENGTH = 3;

interface Offered extends Outcome {
  readonly options?: readonly Option[];
  readonly option_groups?: readonly {
    readonly label?: { readonly text: string };
    readonly options: readonly Option[];
  }[];
}

const KEYS = {
  static_select: 'selected_option',
  external_select: 'selected_option',
  users_select: 'selected_user',
  channels_select: 'selected_channel',
  conversations_select: 'selected_conversation',
  multi_static_select: 'selected_options',
  multi_external_select: 'selected_options',
  multi_users_select: 'selected_users',
  multi_channels_select: 'selected_channels',
  multi_conversations_select: 'selected_conversations',
} as const satisfies Record<SelectElement['type'], string>;

function choicesOf(element: SelectElement): Choice[] {
  switch (element.type) {
    case 'static_select':
    case 'multi_static_select': {
      const groups = element.option_groups ?? [{ label: undefined, options: element.options ?? [] }];
      return groups.flatMap(({ label, options }) => options.map((option) => choiceOf(option, label?.text)));
    }
    case 'users_select':
    case 'multi_users_select':
      return people.value.map(({ id, realName }) => ({ value: id, label: realName }));
    case 'channels_select':
    case 'multi_channels_select':
      return channels.value
        .filter(({ id }) => id.startsWith('C'))
        .map(({ id, name }) => ({ value: id, label: `#${name}` }));
    case 'conversations_select':
    case 'multi_conversations_select':
      return myChannels.value.map(({ id, name }) => ({
        value: id,
        label: id.startsWith('D') ? (users.value.find((user) => user.isBot)?.realName ?? name) : `#${name}`,
      }));
    case 'external_select':
    case 'multi_external_select':
      return [];
  }
}

function choiceOf(option: Option, group: string | undefined): Choice {
  return {
    value: option.value,
    label: plainString(option.text.text),
    ...(option.description && { hint: plainString(option.description.text) }),
    ...(group !== undefined && { group: plainString(group) }),
    option,
  };
}

/** One that the app offered, or set at the beginning. */
function heldChoice(held: Entered | undefined, value: string): Choice {
  const list = typeof held === 'object' && held !== null && 'length' in held ? held : [held];
  for (const item of list)
    if (typeof item === 'object' && item !== null && 'value' in item && item.value === value)
      return choiceOf(item, undefined);
  return { value, label: value };
}

interface NativeProps {
  readonly known: readonly Choice[];
  readonly chosen: readonly Choice[];
  readonly placeholder: string;
  readonly control: FieldProps<SelectElement>['control'];
  take(choices: readonly Choice[]): void;
}

function NativeSelect({ known, chosen, placeholder, control, take }: NativeProps) {
  const groups = [...new Set(known.map(({ group }) => group))];
  const value = chosen[0]?.value ?? '';
  return (
    <select
      {...control}
      class="field select"
      value={value}
      onChange={({ currentTarget }) => take(known.filter((choice) => choice.value === currentTarget.value))}
    >
      <option value="">{placeholder}</option>
      {groups.map((group) => {
        const options = known
          .filter((choice) => choice.group === group)
          .map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.hint === undefined ? choice.label : `${choice.label} · ${choice.hint}`}
            </option>
          ));
        return group === undefined ? options : <optgroup label={group}>{options}</optgroup>;
      })}
    </select>
  );
}

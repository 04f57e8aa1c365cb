import type { Argument, ChangeCommand } from '../../commands/grammar/declaration.ts';
import { FLAGS, type FlagName } from '../../commands/grammar/flags.ts';
import { normalizeText } from '../../commands/grammar/normalize-text.ts';
import type { ParsedCommand } from '../../domain/change/change.ts';
import { type ReasonCode, type Refusal, refuse } from '../../domain/refusal.ts';

/** One field of the form of a command, as its declaration says. */
export interface FormField {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly required: boolean;
  readonly input: 'node' | 'nodes' | 'change' | 'line' | 'text' | 'choice' | 'switches' | 'channel';
  /** Of a choice and of switches. */
  readonly options?: readonly FormOption[];
  /** What it holds when the form opens. */
  readonly initial?: FormOption;
}

export interface FormOption {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
}

/** The names that a flag may have. */
export interface FormChoices {
  readonly lookup: readonly FormOption[];
  readonly target: readonly FormOption[];
}

/** What somebody entered, by the ids of the fields; a field that is empty is not in it. */
export type FormValues = ReadonlyMap<string, readonly string[]>;

/** What is wrong with what was entered, and in which field. */
export interface FormFault {
  readonly field: string;
  readonly refusal: Refusal;
}

/** The channel in which the change is proposed, where the form was not opened in one. */
export const CHANNEL_FIELD = 'channel';
/** What the id of the field of an argument begins with. */
export const ARGUMENT = 'argument ';
/** Flags that say nothing in a form: it shows the plan by itself. */
const LEFT_OUT: readonly FlagName[] = ['dry-run', 'public'];

/** Its arguments, form by form, then its flags; `choices` are the names that a flag may have, none of a target where there is only one. */
export function formFields(
  command: Pick<ChangeCommand, 'forms' | 'flags'>,
  choices: FormChoices,
): readonly FormField[] {
  const flags = command.flags.filter((flag) => !LEFT_OUT.includes(flag));
  const switches = flags.filter((flag) => FLAGS[flag].takes === 'nothing');
  return [
    ...argumentsOf(command).map((one) => argumentField(one, command)),
    ...(['target', 'lookup'] as const)
      .filter((flag) => flags.includes(flag) && choices[flag].length > (flag === 'target' ? 0 : 1))
      .map((flag) => ({
        ...flagField(flag, 'choice'),
        required: flag === 'target',
        options: choices[flag],
      })),
    ...(flags.includes('reason') ? [flagField('reason', 'text')] : []),
    ...(switches.length === 0 ? [] : [{ ...SWITCHES, options: switches.map(switchOption) }]),
  ];
}

/** The command that somebody would have typed with these values, or what is wrong with them. */
export function readForm(
  { verb, ...command }: Pick<ChangeCommand, 'verb' | 'forms' | 'flags'>,
  values: FormValues,
): ParsedCommand | FormFault {
  const filled = argumentsOf(command).filter(({ id }) => values.has(id));
  const [first] = filled;
  const other = filled.find(({ form }) => form !== first?.form);
  if (first !== undefined && other !== undefined) {
    const sentence = `${first.argument.name} and ${other.argument.name} are two ways to say it.`;
    return { field: other.id, refusal: refuse('unknown_argument', sentence, 'Leave one of them empty.') };
  }
  const flags: Record<string, string | true> = {};
  for (const flag of command.flags) {
    const [value] = values.get(flag) ?? [];
    if (value !== undefined && value.trim() !== '') flags[flag] = value.trim();
    else if (values.get(SWITCHES.id)?.includes(flag) === true) flags[flag] = true;
  }
  const args = filled.flatMap(({ id, argument }) => wordsOf(argument, values.get(id) ?? []));
  return { verb, args, flags };
}

/** The field that a refusal is about; the first one that was filled in where no field tells. */
export function fieldOf(
  { reasonCode }: Refusal,
  fields: readonly FormField[],
  values: FormValues,
): string | undefined {
  const inputs = ABOUT.find(({ codes }) => codes.includes(reasonCode))?.inputs ?? [];
  const about = fields.filter(({ id, input }) => inputs.includes(input) || inputs.includes(id));
  const filled = (some: readonly FormField[]): FormField | undefined => some.find(({ id }) => values.has(id));
  return (filled(about) ?? about[0] ?? filled(fields) ?? fields[0])?.id;
}

/** Which refusals are about which inputs, or fields. */
const ABOUT: readonly { readonly codes: readonly ReasonCode[]; readonly inputs: readonly string[] }[] = [
  {
    codes: [
      'unknown_node',
      'short_node_name',
      'node_already_mapped',
      'node_not_mapped',
      'no_tmm_pods',
      'mapping_unreadable',
    ],
    inputs: ['node', 'nodes'],
  },
  {
    codes: [
      'not_an_address',
      'address_with_mask',
      'address_with_port',
      'address_multicast',
      'address_unspecified',
      'address_loopback',
      'address_link_local',
      'address_duplicate',
      'address_not_mapped',
      'address_other_as',
      'wrong_family',
      'static_peer',
      'nothing_to_do',
    ],
    inputs: ['line'],
  },
  {
    codes: ['unknown_lookup', 'lookup_ambiguous', 'lookup_missing', 'lookup_immutable', 'lookup_too_large'],
    inputs: ['lookup'],
  },
  { codes: ['unknown_target', 'target_ambiguous'], inputs: ['target'] },
  { codes: ['unknown_change', 'not_open'], inputs: ['change'] },
  { codes: ['channel_not_listed'], inputs: [CHANNEL_FIELD] },
];

const SWITCHES = { id: 'switches', label: 'Also', required: false, input: 'switches' } as const;

interface PlacedArgument {
  readonly id: string;
  readonly form: number;
  readonly argument: Argument;
}

function argumentsOf({ forms }: Pick<ChangeCommand, 'forms'>): readonly PlacedArgument[] {
  return forms.flatMap((arguments_, form) =>
    arguments_.map((argument, at) => ({ id: `${ARGUMENT}${form}.${at}`, form, argument })),
  );
}

function argumentField(
  { id, argument: { name, kind, need } }: PlacedArgument,
  { forms }: Pick<ChangeCommand, 'forms'>,
): FormField {
  const field = { id, required: forms.length === 1 && need !== 'optional' };
  const alternative = forms.filter((form) => form.length > 0).length > 1 ? `, or leave it empty` : '';
  switch (kind) {
    case 'node':
      return need === 'repeated'
        ? { ...field, input: 'nodes', label: 'Nodes' }
        : { ...field, input: 'node', label: 'Node' };
    case 'addresses':
      return {
        ...field,
        input: 'line',
        label: 'Addresses of the peers',
        hint: 'All that it will have, such as 10.20.1.9, 2001:db8:20:1::9',
      };
    case 'pair':
      return {
        ...field,
        input: 'line',
        label: 'Peers to replace wherever they are mapped',
        hint: `OLD=NEW, such as 10.20.1.1=10.20.1.9${alternative}`,
      };
    case 'change':
      return { ...field, input: 'change', label: 'Change' };
    case 'verb':
    case 'words':
      return { ...field, input: 'line', label: name };
  }
}

function flagField<Input extends FormField['input']>(
  flag: FlagName,
  input: Input,
): FormField & { readonly input: Input } {
  return { id: flag, label: capitalized(flag), hint: FLAGS[flag].meaning, required: false, input };
}

function switchOption(flag: FlagName): FormOption {
  return { value: flag, label: capitalized(flag).replaceAll('-', ' '), description: FLAGS[flag].meaning };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Names that were chosen are data; what was typed is read as if it had been typed into a command. */
function wordsOf({ kind }: Argument, values: readonly string[]): readonly string[] {
  if (kind === 'node' || kind === 'change') return values;
  return values.flatMap((value) => normalizeText(value).split(/\s+/)).filter((word) => word !== '');
}

import type { Argument, ChangeCommand } from '../../commands/grammar/declaration.ts';
import { FLAGS, type FlagName } from '../../commands/grammar/flags.ts';
import { normalizeText } from '../../commands/grammar/normalize-text.ts';
import type { ParsedCommand } from '../../domain/change/change.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';

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

/** The first field that is still empty of the way in which somebody began to fill in the form. */
export function missingField(
  command: Pick<ChangeCommand, 'forms'>,
  values: FormValues,
): FormFault | undefined {
  const all = argumentsOf(command);
  const [begun = 0, ...others] = new Set(all.filter(({ id }) => values.has(id)).map(({ form }) => form));
  const missing = all.find(
    ({ id, form, argument: { need } }) => form === begun && need !== 'optional' && !values.has(id),
  );
  // What is ticked may stand for all arguments.
  if (missing === undefined || others.length > 0 || command.forms.some((form) => form.length === 0))
    return undefined;
  const next = describeAlternative(command.forms, begun) ?? 'Fill it in.';
  return { field: missing.id, refusal: refuse('missing_argument', 'This field is empty.', next) };
}

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
  { id, form, argument }: PlacedArgument,
  { forms }: Pick<ChangeCommand, 'forms'>,
): FormField {
  const needed = argument === forms[form]?.[0] ? describeAlternative(forms, form) : undefined;
  const hint = [HINTS[argument.kind] ?? '', needed ?? ''].join(' ').trim();
  return {
    id,
    required: forms.length === 1 && argument.need !== 'optional',
    input: inputOf(argument),
    label: labelOf(argument),
    ...(hint === '' ? {} : { hint }),
  };
}

function inputOf({ kind, need }: Argument): FormField['input'] {
  if (kind === 'node') return need === 'repeated' ? 'nodes' : 'node';
  return kind === 'change' ? 'change' : 'line';
}

const HINTS: Readonly<Partial<Record<Argument['kind'], string>>> = {
  addresses: 'All that it will have, such as 10.20.1.9, 2001:db8:20:1::9',
  pair: 'OLD=NEW, such as 10.20.1.1=10.20.1.9.',
};

function labelOf({ name, kind, need }: Argument): string {
  switch (kind) {
    case 'node':
      return need === 'repeated' ? 'Nodes' : 'Node';
    case 'addresses':
      return 'Addresses of the peers';
    case 'pair':
      return 'Peers to replace wherever they are mapped';
    case 'change':
      return 'Change';
    case 'verb':
    case 'words':
      return name;
  }
}

/** Slack calls every field optional where there are several ways to say it: what is needed all the same stands below the first. */
function describeAlternative(forms: ChangeCommand['forms'], form: number): string | undefined {
  const labels = (some: ChangeCommand['forms'][number]): string => some.map(labelOf).join(' and ');
  const mine = forms[form] ?? [];
  const others = forms.filter((other) => other !== mine);
  if (others.length === 0) return undefined;
  if (others.every((other) => other.length === 0)) return 'Needed, unless you tick below which ones.';
  const way = mine.length === 1 ? 'this field alone' : `${labels(mine)} together`;
  const rest = others.filter((other) => other.length > 0).map(labels);
  return `Needed: ${way}, or else ${rest.join(', or ')}.`;
}

function flagField<Input extends FormField['input']>(
  flag: FlagName,
  input: Input,
): FormField & { readonly input: Input } {
  return {
    id: flag,
    label: capitalized(flag),
    hint: capitalized(FLAGS[flag].meaning),
    required: false,
    input,
  };
}

function switchOption(flag: FlagName): FormOption {
  return {
    value: flag,
    label: capitalized(flag).replaceAll('-', ' '),
    description: capitalized(FLAGS[flag].meaning),
  };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Names that were chosen are data; what was typed is read as if it had been typed into a command. */
function wordsOf({ kind }: Argument, values: readonly string[]): readonly string[] {
  if (kind === 'node' || kind === 'change') return values;
  return values.flatMap((value) => normalizeText(value).split(/\s+/)).filter((word) => word !== '');
}

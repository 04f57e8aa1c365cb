import type { Argument, ChangeCommand } from '../../commands/grammar/declaration.ts';
import { FLAGS, type FlagName } from '../../commands/grammar/flags.ts';
import { normalizeText } from '../../commands/grammar/normalize-text.ts';
import type { ParsedCommand } from '../../domain/change/change.ts';
import { capitalized } from '../../domain/phrasing.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';

/** One field of a command's form, from the command's declaration. */
export interface FormField {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly required: boolean;
  readonly input: 'way' | 'node' | 'nodes' | 'change' | 'line' | 'text' | 'choice' | 'switches' | 'channel';
  /** Options of a pattern choice, of a select, or of switches. */
  readonly options?: readonly FormOption[];
  /** Its value when the form opens. */
  readonly initial?: FormOption;
}

export interface FormOption {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
}

/** The possible values of flags. */
export interface FormChoices {
  readonly lookup: readonly FormOption[];
  readonly target: readonly FormOption[];
}

/** Entered values by field id; empty fields are left out. */
export type FormValues = ReadonlyMap<string, readonly string[]>;

/** What is wrong with an entered value, and in which field. */
export interface FormFault {
  readonly field: string;
  readonly refusal: Refusal;
}

/** The channel in which the change is proposed, where the form was not opened in one. */
export const CHANNEL_FIELD = 'channel';
/** Choice among the argument patterns of a command with several; the arguments of the chosen one follow it. */
const WAY_FIELD = 'way';
/** Prefix of the id of an argument's field. */
const ARGUMENT = 'argument ';
/** Flags without effect in a form, which always shows the plan. */
const LEFT_OUT: readonly FlagName[] = ['dry-run', 'public'];

/** Whether a field is an argument of a command; with `way`, an argument of that pattern. */
export function isArgument(id: string, way?: number): boolean {
  return id.startsWith(way === undefined ? ARGUMENT : `${ARGUMENT}${way}.`);
}

/** The pattern chosen in a form; by default the first. */
export function wayOf(values: FormValues): number {
  const way = Number(values.get(WAY_FIELD)?.[0] ?? 0);
  return Number.isInteger(way) ? way : 0;
}

/**
 * The arguments of one pattern, below the choice of the pattern where there are several, then the flags; `choices` are the
 * possible values of a flag, none for the target where there is only one.
 */
export function formFields(
  command: Pick<ChangeCommand, 'forms' | 'flags'>,
  choices: FormChoices,
  way = 0,
): readonly FormField[] {
  const flags = command.flags.filter((flag) => !LEFT_OUT.includes(flag));
  const switches = flags.filter((flag) => FLAGS[flag].takes === 'nothing');
  return [
    ...wayFields(command, way),
    ...argumentsOf(command, way).map((one) => argumentField(one, command)),
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

/** The command as if it had been typed with these values. */
export function readForm(
  { verb, ...command }: Pick<ChangeCommand, 'verb' | 'forms' | 'flags'>,
  values: FormValues,
): ParsedCommand {
  const filled = argumentsOf(command, wayOf(values)).filter(({ id }) => values.has(id));
  const flags: Record<string, string | true> = {};
  for (const flag of command.flags) {
    const [value] = values.get(flag) ?? [];
    if (value !== undefined && value.trim() !== '') flags[flag] = value.trim();
    else if (values.get(SWITCHES.id)?.includes(flag) === true) flags[flag] = true;
  }
  const args = filled.flatMap(({ id, argument }) => wordsOf(argument, values.get(id) ?? []));
  return { verb, args, flags };
}

/** The first required field that is empty. */
export function missingField(
  command: Pick<ChangeCommand, 'forms'>,
  values: FormValues,
): FormFault | undefined {
  const missing = argumentsOf(command, wayOf(values)).find(
    ({ id, argument: { need } }) => need !== 'optional' && !values.has(id),
  );
  if (missing === undefined || isTicked(command)) return undefined;
  return { field: missing.id, refusal: refuse('missing_argument', 'This field is empty.', 'Fill it in.') };
}

const WAY = { id: WAY_FIELD, label: 'Which peers', required: true, input: 'way' } as const;
const SWITCHES = { id: 'switches', label: 'Also', required: false, input: 'switches' } as const;

interface PlacedArgument {
  readonly id: string;
  readonly argument: Argument;
}

/** The arguments of one pattern. */
function argumentsOf({ forms }: Pick<ChangeCommand, 'forms'>, way: number): readonly PlacedArgument[] {
  const shown = forms[way] === undefined ? 0 : way;
  return (forms[shown] ?? []).map((argument, at) => ({ id: `${ARGUMENT}${shown}.${at}`, argument }));
}

/** Whether a checkbox may stand for all arguments. */
function isTicked({ forms }: Pick<ChangeCommand, 'forms'>): boolean {
  return forms.some((form) => form.length === 0);
}

function argumentField({ id, argument }: PlacedArgument, command: Pick<ChangeCommand, 'forms'>): FormField {
  const ticked = isTicked(command);
  const hint = [HINTS[argument.kind] ?? '', ticked ? 'Needed, unless you tick below which ones.' : '']
    .join(' ')
    .trim();
  return {
    id,
    required: !ticked && argument.need !== 'optional',
    input: inputOf(argument),
    label: labelOf(argument),
    ...(hint === '' ? {} : { hint }),
  };
}

/** The choice of a pattern, where several have a required field: Slack marks the fields of all of them as optional. */
function wayFields({ forms }: Pick<ChangeCommand, 'forms'>, way: number): readonly FormField[] {
  const options = forms.flatMap(([first], at): readonly FormOption[] =>
    first === undefined ? [] : [{ value: String(at), label: WAYS[first.kind] ?? labelOf(first) }],
  );
  const chosen = options.find(({ value }) => value === String(way)) ?? options[0];
  return options.length < 2 || chosen === undefined ? [] : [{ ...WAY, options, initial: chosen }];
}

const WAYS: Readonly<Partial<Record<Argument['kind'], string>>> = {
  node: 'All peers of one node',
  pair: 'A router, wherever it is mapped',
};

function inputOf({ kind, need }: Argument): FormField['input'] {
  if (kind === 'node') return need === 'repeated' ? 'nodes' : 'node';
  return kind === 'change' ? 'change' : 'line';
}

const HINTS: Readonly<Partial<Record<Argument['kind'], string>>> = {
  addresses: 'All peers that the node will have, such as 10.20.1.9, 2001:db8:20:1::9',
  pair: 'OLD=NEW, such as 10.20.1.1=10.20.1.9',
};

function labelOf({ name, kind, need }: Argument): string {
  switch (kind) {
    case 'node':
      return need === 'repeated' ? 'Nodes' : 'Node';
    case 'addresses':
      return 'Addresses of the peers';
    case 'pair':
      return 'Old and new address';
    case 'change':
      return 'Change';
    case 'verb':
    case 'words':
      return name;
  }
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

/** Chosen names are data; typed text is parsed as in a command. */
function wordsOf({ kind }: Argument, values: readonly string[]): readonly string[] {
  if (kind === 'node' || kind === 'change') return values;
  return values.flatMap((value) => normalizeText(value).split(/\s+/)).filter((word) => word !== '');
}

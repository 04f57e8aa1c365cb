import type { ChangeCommand } from '../../commands/grammar/declaration.ts';
import { checkUsage } from '../../commands/grammar/usage.ts';
import type { Facts } from '../../domain/authorization/authorize.ts';
import { capabilities } from '../../domain/authorization/capabilities.ts';
import type { ParsedCommand } from '../../domain/change/change.ts';
import { commandText } from '../../domain/change/command-text.ts';
import type { Impact } from '../../domain/change/impact.ts';
import type { Plan } from '../../domain/change/plan.ts';
import type { Person } from '../../domain/person.ts';
import type { Membership } from '../../domain/policy/policy.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { DriftStore } from '../../ports/store.ts';
import { findChange } from '../decisions/decide.ts';
import type { Dependencies } from '../dependencies.ts';
import { membershipOf } from '../people.ts';
import type { CommandRequest, Menu } from '../requests.ts';
import { fieldOf } from './field-of-refusal.ts';
import { chooseTarget } from './find-command.ts';
import {
  type FormFault,
  type FormField,
  type FormOption,
  type FormValues,
  formFields,
  missingField,
  readForm,
  wayOf,
} from './form-fields.ts';
import {
  changeOption,
  changeOptions,
  channelField,
  formChoices,
  nodeOptions,
  openLastSessions,
} from './form-options.ts';
import { menuOf } from './menu.ts';
import { authorizeRequest } from './submit.ts';
import { planChange, refuseSubmission } from './submit-change.ts';

/** Who opened a form, and where. */
export interface FormOrigin {
  readonly person: Person;
  /** Empty where it was not opened in a channel. */
  readonly channel: string;
  /** The change concerned, where that is known when the form opens. */
  readonly change?: string;
  /** The chosen argument pattern; by default the first. */
  readonly way?: number;
}

/** A form with its present values. */
export interface FilledForm {
  readonly verb: string;
  readonly person: Person;
  readonly channel: string;
  readonly values: FormValues;
}

export interface Form {
  readonly kind: 'form';
  readonly verb: string;
  readonly summary: string;
  readonly fields: readonly FormField[];
}

export type Preview =
  | Refusal
  /** Nothing is filled in yet. */
  | { readonly kind: 'empty' }
  /** There is no plan; submitting the form shows the fault beside the field of this name. */
  | { readonly kind: 'fault'; readonly field: string }
  | {
      readonly kind: 'plan';
      readonly plan: Plan;
      readonly impact?: Impact;
      /** Why it would be refused now. */
      readonly refusal?: Refusal;
    };

/**
 * Forms of the change commands, each built from its declaration. Nothing is decided here: a form is submitted like a typed
 * command.
 */
export interface Forms {
  menu(person: Person): Promise<Menu | Refusal>;
  open(verb: string, origin: FormOrigin): Promise<Form | Refusal>;
  /** Options for this field, from what the bot knows already. */
  options(field: string, typed: string, form: FilledForm): Promise<readonly FormOption[]>;
  /** What is wrong with the entered values, as far as that is known without reading anything. */
  check(form: FilledForm): Promise<FormFault | undefined>;
  /** The plan and its impact, as with `--dry-run`. A refusal is not recorded: nothing has been requested yet. */
  preview(form: FilledForm): Promise<Preview>;
  /** The command that the form describes. */
  read(form: FilledForm): ParsedCommand;
}

const CHANGES_OFFERED = 50;
/** @param driftStore results of the drift monitor: no TMM pod is queried while somebody types */
export function openForms(bot: Dependencies, driftStore: Pick<DriftStore, 'read'>): Forms {
  const { policy, registry, store, clusters, clock } = bot;
  const sessionsOf = openLastSessions(driftStore, clock);

  function commandOf(verb: string): ChangeCommand {
    const command = registry.find(verb);
    if (command?.kind !== 'change') throw new Error(`the form of ${verb}: it is no change command`);
    return command;
  }

  async function fieldsFor(
    command: ChangeCommand,
    membership: Membership,
    { person, channel, change, way }: FormOrigin,
  ): Promise<readonly FormField[]> {
    const mine = capabilities(policy, person, membership, [command]).filter(({ use }) => use);
    const targets = policy.targets.filter(({ name }) => mine.some(({ target }) => target === name));
    const fields = formFields(command, formChoices(targets, policy), way);
    const preset = change === undefined ? undefined : await store.change(change);
    const filled = fields.map((field) =>
      field.input === 'change' && preset !== undefined ? { ...field, initial: changeOption(preset) } : field,
    );
    return channel === '' && policy.channels.length > 1 ? [...filled, channelField(policy.channels)] : filled;
  }

  /** The chosen target, or the only one. */
  function snapshotFor({ values }: FilledForm) {
    const named = values.get('target')?.[0];
    const target = chooseTarget(policy, named);
    if (isRefusal(target)) return undefined;
    const snapshot = clusters.get(target.name)?.cachedSnapshot();
    return snapshot === undefined ? undefined : { target, snapshot };
  }

  const self: Forms = {
    async menu(person) {
      const membership = await membershipOf(person, bot, 'cached');
      return isRefusal(membership) ? membership : menuOf(person, membership, bot);
    },

    async open(verb, origin) {
      const membership = await membershipOf(origin.person, bot, 'cached');
      if (isRefusal(membership)) return membership;
      if (!menuOf(origin.person, membership, bot).changes.some((one) => one.verb === verb))
        return refuse(
          'not_allowed',
          `No rule lets you request ${verb.slice(0, 40)}.`,
          'Type whoami to see what you may do.',
        );
      const command = commandOf(verb);
      const fields = await fieldsFor(command, membership, origin);
      return { kind: 'form', verb, summary: command.summary, fields };
    },

    async options(field, typed, form) {
      const membership = await membershipOf(form.person, bot, 'cached');
      if (isRefusal(membership)) return [];
      const mine = capabilities(policy, form.person, membership, [commandOf(form.verb)]);
      const known = formFields(commandOf(form.verb), { target: [], lookup: [] }, wayOf(form.values));
      const input = known.find(({ id }) => id === field)?.input;
      if (input === 'change')
        return mine.some(({ use }) => use)
          ? changeOptions(commandOf(form.verb), await store.recentChanges(CHANGES_OFFERED), typed)
          : [];
      const found = snapshotFor(form);
      const allowed = mine.some(({ target, use }) => use && target === found?.target.name);
      if (found === undefined || !allowed) return [];
      return nodeOptions(found.snapshot, typed, await sessionsOf(found.target));
    },

    read: ({ verb, values }) => readForm(commandOf(verb), values),

    async check(form) {
      const command = commandOf(form.verb);
      const missing = missingField(command, form.values);
      if (missing !== undefined) return missing;
      const refusal = await refusalOf(command, self.read(form), form);
      const field = refusal === undefined ? undefined : fieldOf(refusal, allFields(form), form.values);
      return refusal === undefined || field === undefined ? undefined : { field, refusal };
    },

    async preview(form) {
      const parsed = self.read(form);
      const command = commandOf(form.verb);
      const begun = parsed.args.length > 0 || Object.values(parsed.flags).includes(true);
      if (!begun) return { kind: 'empty' };
      const misuse = checkUsage(command, parsed);
      if (misuse !== undefined) return { kind: 'empty' };
      const membership = await membershipOf(form.person, bot, 'cached');
      if (isRefusal(membership)) return membership;
      const { person, channel } = form;
      const request: CommandRequest = { requestId: '', person, channel, text: commandText(parsed) };
      const facts: Facts = { person, channel, membership };
      const authorized = await authorizeRequest(
        command,
        { parsed, request, facts, reRequestOf: undefined },
        bot,
      );
      if ('reply' in authorized) return authorized.reply;
      const fault = await self.check(form);
      if (fault !== undefined) return faultPreview(fault, allFields(form));
      const planned = await planChange(command, authorized, bot);
      if (isRefusal(planned)) return planned;
      const refusal = await refuseSubmission(form.verb, authorized, bot);
      const { plan, impact } = planned;
      return {
        kind: 'plan',
        plan,
        ...(impact === undefined ? {} : { impact }),
        ...(refusal === undefined ? {} : { refusal }),
      };
    },
  };
  return self;

  function allFields({ verb, values }: FilledForm): readonly FormField[] {
    return formFields(commandOf(verb), formChoices(policy.targets, policy), wayOf(values));
  }

  async function refusalOf(
    command: ChangeCommand,
    parsed: ParsedCommand,
    form: FilledForm,
  ): Promise<Refusal | undefined> {
    const misuse = checkUsage(command, parsed);
    if (misuse !== undefined) return misuse;
    const earlier =
      command.undoes === true ? await findChange({ changeId: parsed.args[0] ?? '' }, bot) : undefined;
    if (earlier !== undefined && isRefusal(earlier)) return earlier;
    const planner = command.read(parsed, earlier);
    if (isRefusal(planner)) return planner;
    const named = earlier?.plan.target ?? form.values.get('target')?.[0];
    const target = chooseTarget(policy, named);
    if (isRefusal(target)) return target;
    const snapshot = clusters.get(target.name)?.cachedSnapshot();
    // Some words can only be resolved by reading the TMM pods: then the plan is made on submission.
    if (snapshot === undefined || command.resolve !== undefined) return undefined;
    const plan = planner(target, snapshot);
    return isRefusal(plan) ? plan : undefined;
  }
}

function faultPreview({ field, refusal }: FormFault, fields: readonly FormField[]): Preview {
  if (refusal.reasonCode === 'missing_argument') return { kind: 'empty' };
  return { kind: 'fault', field: fields.find(({ id }) => id === field)?.label ?? field };
}

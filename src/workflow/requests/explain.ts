import type { Command } from '../../commands/grammar/declaration.ts';
import { parseCommand } from '../../commands/grammar/parse-command.ts';
import { checkUsage } from '../../commands/grammar/usage.ts';
import {
  denyBreakGlass,
  denyChannel,
  denyDecision,
  denyFreeze,
  denySteering,
  mayAsk,
  mayAskSomewhere,
  refuseUnsatisfiable,
} from '../../domain/authorization/authorize.ts';
import type { Change, ParsedCommand } from '../../domain/change/change.ts';
import { readChangeId } from '../../domain/change/change-id.ts';
import type { Person } from '../../domain/person.ts';
import { frozenRefusal } from '../../domain/policy/freeze.ts';
import { decidingVerb, type Membership, type Rule, ruleNaming } from '../../domain/policy/policy.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { frozen } from '../frozen.ts';
import { approversOf, whoIs } from '../who-is.ts';
import { chooseTarget } from './choose-target.ts';
import { findCommand } from './find-command.ts';

/** What the policy says of a command if this person typed it now, by the same gates, and which rule said so. */
export interface Explanation {
  readonly membership: Membership;
  /** Undefined when it is refused before any rule is looked at, or needs none. */
  readonly rule: Rule | undefined;
  readonly refusal: Refusal | undefined;
}

type Knowing = Pick<Dependencies, 'policy' | 'registry' | 'people' | 'store' | 'teamId' | 'now'>;

/** Decides without doing: nothing is recorded, and the cluster is not asked. */
export async function explain(
  { person, channel, text }: { readonly person: Person; readonly channel: string; readonly text: string },
  bot: Knowing,
): Promise<Explanation> {
  const found = await whoIs(person, bot);
  const membership: Membership = isRefusal(found) ? new Set() : found;
  const said = (verdict: Rule | Refusal | undefined, refusal?: Refusal): Explanation =>
    verdict !== undefined && isRefusal(verdict)
      ? { membership, rule: undefined, refusal: verdict }
      : { membership, rule: verdict, refusal };
  const parsed = parseCommand(text);
  if (isRefusal(parsed)) return said(parsed);
  const command = findCommand(parsed.verb, bot.registry);
  if (isRefusal(command)) return said(command);
  const denied = isRefusal(found) ? found : undefined;
  if (command.kind === 'local query') {
    if (command.audience === 'everybody') return said(undefined);
    if (denied !== undefined || command.audience === 'members') return said(denied);
    return said(mayAskSomewhere(bot.policy, { verb: command.verb, channel, membership }));
  }
  const early = denied ?? checkUsage(command, parsed);
  if (early !== undefined) return said(early);
  if (command.kind === 'decision')
    return said(undefined, await deciding(command, parsed, { person, channel }, membership, bot));
  const earlier =
    command.kind === 'change' && command.undoes === true ? await changeOf(parsed, bot) : undefined;
  if (earlier !== undefined && isRefusal(earlier)) return said(earlier);
  const named = earlier?.plan.target ?? parsed.flags.target;
  const whole = command.kind === 'freeze' && named === undefined;
  const target = whole ? undefined : chooseTarget(bot.policy, named);
  if (target !== undefined && isRefusal(target)) return said(target);
  if (command.kind === 'freeze' || target === undefined) {
    const targets = target === undefined ? bot.policy.targets.map(({ name }) => name) : [target.name];
    const asked = { verb: command.verb, target: target?.name, channel, membership };
    return said(ruleNaming(bot.policy, command.verb, targets), denyFreeze(bot.policy, asked));
  }
  const verb = decidingVerb(bot.policy, command.verb, earlier?.plan.verb);
  const rule = mayAsk(bot.policy, { verb, target: target.name, channel, membership });
  if (isRefusal(rule) || command.kind !== 'change') return said(rule);
  const freeze = await frozen({ verb: command.verb, target: target.name }, bot);
  if (freeze !== undefined) return said(rule, frozenRefusal(freeze, target.name));
  return said(rule, refuseUnsatisfiable(rule, await approversOf(rule, [person], bot)));
}

async function deciding(
  { decides }: Extract<Command, { kind: 'decision' }>,
  parsed: ParsedCommand,
  { person, channel }: { readonly person: Person; readonly channel: string },
  membership: Membership,
  bot: Knowing,
): Promise<Refusal | undefined> {
  const change = await changeOf(parsed, bot);
  if (isRefusal(change)) return change;
  const astray = denyChannel(bot.policy, channel);
  if (astray !== undefined) return astray;
  if (decides === 'break-glass') return denyBreakGlass(bot.policy, change, membership);
  const steers = decides === 'cancel' || decides === 'resume';
  return (steers ? denySteering : denyDecision)(bot.policy, change, person, membership);
}

async function changeOf({ args }: ParsedCommand, { store }: Knowing): Promise<Change | Refusal> {
  const id = readChangeId(args[0] ?? '');
  const found = await store.change(id);
  return found ?? refuse('unknown_change', `I know no change ${id}.`, 'Type changes to see the last ones.');
}

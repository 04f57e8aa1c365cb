import type { FreezeCommand } from '../commands/grammar/declaration.ts';
import { denyFreeze } from '../domain/authority.ts';
import type { Typed } from '../domain/change.ts';
import { cut } from '../domain/cut.ts';
import { ALL_TARGETS, declaredFor, describeFrozen } from '../domain/freeze.ts';
import type { Membership } from '../domain/policy.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import type { Bot } from './bot.ts';
import { chooseTarget } from './choose-target.ts';
import { recordRefusal } from './record-refusal.ts';
import type { Reply } from './reply.ts';
import type { AskRequest } from './requests.ts';

const LONGEST_REASON = 500;

/** A freeze is declared or lifted, for one target or for all; it holds from the next step of every change on. */
export async function settleFreeze(
  command: FreezeCommand,
  typed: Typed,
  membership: Membership,
  request: AskRequest,
  bot: Bot,
): Promise<Reply> {
  const { person, channel, text: said } = request;
  const settled = await settle(command, typed, membership, request, bot);
  return isRefusal(settled) ? recordRefusal(settled, { person, channel, said }, bot) : settled;
}

async function settle(
  { verb, does }: FreezeCommand,
  typed: Typed,
  membership: Membership,
  { person, channel }: AskRequest,
  bot: Bot,
): Promise<Reply> {
  const named = typed.flags.target === undefined ? undefined : chooseTarget(bot.policy, typed.flags.target);
  if (named !== undefined && isRefusal(named)) return named;
  const denied = denyFreeze(bot.policy, { verb, channel, membership, target: named?.name });
  if (denied !== undefined) return denied;
  const target = named?.name ?? ALL_TARGETS;
  const whole = named?.name ?? 'all targets';
  const atMs = bot.now();
  if (does === 'lift') {
    const nothing = await nothingToLift(target, whole, bot);
    if (nothing !== undefined) return nothing;
  }
  const reason = cut(typed.args.join(' '), LONGEST_REASON);
  await bot.store.append({
    record: {
      atMs,
      event: does === 'declare' ? 'freeze.declared' : 'freeze.lifted',
      actor: person,
      ...(named === undefined ? {} : { target: named.name }),
      data: does === 'declare' ? { reason, channel } : { channel },
    },
    freeze: { target, next: does === 'declare' ? { reason, by: person, atMs } : null },
  });
  const text =
    does === 'declare'
      ? `Changes of ${whole} are frozen now. What runs halts before its next effect. To lift it: unfreeze${named === undefined ? '' : ` --target ${named.name}`}`
      : `Changes of ${whole} are not frozen by hand any more. What halted goes on with resume ID.`;
  const title = does === 'declare' ? 'Frozen' : 'Not frozen any more';
  return { kind: 'answer', answer: { title, parts: [{ kind: 'note', tone: 'good', text }] } };
}

/** Nothing to lift is a refusal that says what is frozen instead. */
async function nothingToLift(target: string, whole: string, { store }: Bot): Promise<Refusal | undefined> {
  const freezes = await store.freezes();
  if (freezes.has(target)) return undefined;
  const [other] = freezes.keys();
  if (other === undefined)
    return refuse('not_frozen', `Nobody froze ${whole}.`, 'A freeze of the calendar ends by itself.');
  const frozen = declaredFor(freezes, other);
  const why = frozen === undefined ? '' : `: ${describeFrozen(frozen)}`;
  return refuse(
    'not_frozen',
    `${whole} is not what was frozen, but ${other === ALL_TARGETS ? 'all targets' : other}${why}.`,
    other === ALL_TARGETS ? 'Type unfreeze.' : `Type unfreeze --target ${other}.`,
  );
}

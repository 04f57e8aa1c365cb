import type { FreezeCommand } from '../../commands/grammar/declaration.ts';
import { denyFreeze } from '../../domain/authorization/authorize.ts';
import type { ParsedCommand } from '../../domain/change/change.ts';
import { ALL_TARGETS, declaredFor, describeFrozen } from '../../domain/policy/freeze.ts';
import type { Membership } from '../../domain/policy/policy.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { clipWellFormed } from '../../domain/well-formed.ts';
import type { Dependencies } from '../dependencies.ts';
import { recordRefusal } from '../record-refusal.ts';
import type { Reply } from '../reply.ts';
import type { CommandRequest } from '../requests.ts';
import { chooseTarget } from './choose-target.ts';

const MAX_REASON_LENGTH = 500;

/** A freeze is declared or lifted, for one target or for all; it holds from the next step of every change on. */
export async function declareFreeze(
  command: FreezeCommand,
  parsed: ParsedCommand,
  membership: Membership,
  request: CommandRequest,
  bot: Dependencies,
): Promise<Reply> {
  const { person, channel, text: said } = request;
  const settled = await settle(command, parsed, membership, request, bot);
  return isRefusal(settled) ? recordRefusal(settled, { person, channel, said }, bot) : settled;
}

async function settle(
  { verb, does }: FreezeCommand,
  parsed: ParsedCommand,
  membership: Membership,
  { person, channel }: CommandRequest,
  bot: Dependencies,
): Promise<Reply> {
  const named = parsed.flags.target === undefined ? undefined : chooseTarget(bot.policy, parsed.flags.target);
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
  const reason = clipWellFormed(parsed.args.join(' '), MAX_REASON_LENGTH);
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
async function nothingToLift(
  target: string,
  whole: string,
  { store }: Dependencies,
): Promise<Refusal | undefined> {
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

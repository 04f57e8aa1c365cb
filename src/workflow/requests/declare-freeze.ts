import type { FreezeCommand } from '../../commands/grammar/declaration.ts';
import { normalizeText } from '../../commands/grammar/normalize-text.ts';
import { authorize, type Facts } from '../../domain/authorization/authorize.ts';
import type { ParsedCommand } from '../../domain/change/change.ts';
import { ALL_TARGETS, declaredFor, whoFroze } from '../../domain/policy/freeze.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { isRefusal, type Refusal, refuse, refuseNaming } from '../../domain/refusal.ts';
import { before, ours, reported, say } from '../../domain/segments.ts';
import { clipWellFormed, MAX_REASON_LENGTH } from '../../domain/well-formed.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Reply } from '../requests.ts';
import { chooseTarget } from './find-command.ts';

/** Declares a freeze or lifts it, for one target or for all; it applies from the next step of every change. */
export async function declareFreeze(
  { verb, does }: FreezeCommand,
  parsed: ParsedCommand,
  facts: Facts,
  dependencies: Dependencies,
): Promise<Reply> {
  const { policy, store, clock } = dependencies;
  const { person, channel } = facts;
  const named = parsed.flags.target === undefined ? undefined : chooseTarget(policy, parsed.flags.target);
  if (named !== undefined && isRefusal(named)) return named;
  const meant = does === 'declare' && named === undefined ? refuseTargetAlone(parsed, policy) : undefined;
  if (meant !== undefined) return meant;
  const allowed = authorize(policy, facts, { kind: 'freeze', verb, target: named?.name });
  if (isRefusal(allowed)) return allowed;
  const target = named?.name ?? ALL_TARGETS;
  const whole = named?.name ?? 'all targets';
  const atMs = clock.now();
  if (does === 'lift') {
    const nothing = await nothingToLift(target, whole, dependencies);
    if (nothing !== undefined) return nothing;
  }
  const reason = clipWellFormed(parsed.args.join(' '), MAX_REASON_LENGTH);
  await store.append({
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
      ? `Changes of ${whole} are frozen now. A running change halts before its next step. To lift it: unfreeze${named === undefined ? '' : ` --target ${named.name}`}`
      : `The freeze of ${whole} is lifted. Halted changes continue with resume ID.`;
  const title = does === 'declare' ? 'Frozen' : 'Not frozen any more';
  return { kind: 'answer', answer: { title, parts: [{ kind: 'note', tone: 'good', text }] } };
}

/** Refuses the name of a target as the only word of a reason: it would freeze every other target as well. */
function refuseTargetAlone({ args }: ParsedCommand, { targets }: Policy): Refusal | undefined {
  const [word = '', ...more] = args;
  const bare = normalizeText(word).replace(/^["']|["'.!]$/g, '');
  const target = targets.find(({ name }) => name.toLowerCase() === bare.toLowerCase());
  if (target === undefined || more.length > 0) return undefined;
  return refuse(
    'missing_argument',
    `${target.name} is the name of a target, and no reason is given.`,
    `Type freeze --target ${target.name} and a reason; without --target, all targets are frozen.`,
  );
}

/** Refuses to lift a freeze that does not exist, and says what is frozen instead. */
async function nothingToLift(
  target: string,
  whole: string,
  { store }: Dependencies,
): Promise<Refusal | undefined> {
  const freezes = await store.freezes();
  if (freezes.has(target)) return undefined;
  const [other] = freezes.keys();
  if (other === undefined)
    return refuse('not_frozen', `Nobody froze ${whole}.`, 'A calendar freeze ends by itself.');
  const frozen = declaredFor(freezes, other);
  const what = other === ALL_TARGETS ? ours('all targets are') : say`${reported(other)} is`;
  const why = before(': ', frozen === undefined ? undefined : whoFroze(frozen));
  const said = say`Nobody froze ${reported(whole)}, but ${what} frozen${why}.`;
  const next = other === ALL_TARGETS ? 'Type unfreeze.' : `Type unfreeze --target ${other}.`;
  return refuseNaming('not_frozen', said, next);
}

import type { RecordDraft } from '../../domain/audit/record.ts';
import { denyChannel } from '../../domain/authorization/authorize.ts';
import type { Change } from '../../domain/change/change.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { recordRefusal } from '../record-refusal.ts';
import type { Reply } from '../reply.ts';
import type { DecisionRequest } from '../requests.ts';

/** What a decision makes of a change, and the record that says so. */
export interface Decided {
  readonly next: Change;
  readonly record: Omit<RecordDraft, 'atMs' | 'actor'>;
}

/** As people type it. */
export type DecisionName = 'approve' | 'reject' | 'cancel' | 'resume' | 'review' | 'break-glass';

/** How often a decision is weighed again because another one came first. */
const TRIES = 20;

/**
 * Weighs a click against the change as it is at that moment, and appends what it makes of it. Of two clicks in
 * the same instant one is appended and the other is weighed again, against what the first one made.
 */
export async function withChange(
  click: DecisionRequest,
  what: DecisionName,
  bot: Dependencies,
  decide: (change: Change) => Promise<Decided | Refusal>,
): Promise<Reply> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const change = await bot.store.change(click.changeId);
    const decided =
      change === undefined
        ? unknownChange(click.changeId)
        : (denyChannel(bot.policy, click.channel) ?? (await decide(change)));
    if (isRefusal(decided)) return refused(decided, click, what, bot);
    const { next, record } = decided;
    const draft: RecordDraft = {
      target: next.plan.target,
      change: next.id,
      digest: next.digest,
      ...record,
      atMs: bot.now(),
      actor: click.person,
    };
    const appended = await bot.store.append({
      record: draft,
      change: { next, expectedVersion: next.version - 1 },
    });
    if (appended.kind === 'appended')
      return next.state === 'stale' ? staleReply(next, click, what, bot) : { kind: 'carded', change: next };
  }
  throw new Error(`deciding ${click.changeId}: others kept deciding it first`);
}

function unknownChange(id: string): Refusal {
  return refuse('unknown_change', `I know no change ${id}.`, 'Type changes to see the last ones.');
}

function staleReply(
  change: Change,
  click: DecisionRequest,
  what: DecisionName,
  bot: Dependencies,
): Promise<Refusal> {
  const { sentence = '', next = '' } = change.outcome ?? {};
  return refused(refuse('stale_plan', sentence, next), click, what, bot);
}

function refused(
  refusal: Refusal,
  click: DecisionRequest,
  what: DecisionName,
  bot: Dependencies,
): Promise<Refusal> {
  const { person, channel, changeId: change, digest } = click;
  const said = `${what} ${change}`;
  return recordRefusal(
    refusal,
    { person, channel, said, change, ...(digest === undefined ? {} : { digest }) },
    bot,
  );
}

import { openInspection, readPages } from '../../commands/inspection/inspect.ts';
import { type Inspection, PAGES, pagesOf } from '../../domain/bgp/inspection.ts';
import { type Fail, type Judgement, type Unread, type Wait, wait } from '../../domain/checks/check.ts';
import { asClause } from '../../domain/clause.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Run } from './run.ts';

/** One check of one thing, with the time that it has. */
export interface Condition {
  /** The same from look to look. */
  readonly key: string;
  readonly bound: Bound;
  judge(inspection: Inspection): Judgement;
}

/** How long may be waited, counted from the first wait; conditions that share a key share the time. */
export interface Bound {
  readonly key: string;
  readonly timeoutMs: number;
}

/** What has to hold at the same time; which conditions these are may depend on the pods that there are. */
export type Conditions = (state: Inspection) => readonly Condition[];

/** What one look at the target showed. */
export type Look =
  | { readonly kind: 'all hold'; readonly inspection: Inspection }
  | {
      readonly kind: 'open';
      /** The condition that does not hold; undefined when the cluster could not be read. */
      readonly condition?: Condition;
      readonly result: Wait | Fail;
      readonly inspection?: Inspection;
      /** Whether it was seen in what was read now, or in the watches' copy. */
      readonly afresh: boolean;
    };

/**
 * Looks once. Unless `afresh` is asked for, the watches' copy of pods and lookups is looked at first, which costs
 * nothing; only while a condition has to wait, that copy is good enough: all else is read afresh before it is believed.
 * @param first the key of the condition to begin with, which is the one that did not hold the last time
 * @param earlier the pages that this look had are read side by side, before anything is judged
 */
export async function lookOnce(
  run: Pick<Run, 'cluster' | 'target'>,
  conditions: Conditions,
  first: string | undefined,
  afresh: boolean,
  earlier?: Inspection,
): Promise<Look> {
  const copy = afresh ? undefined : run.cluster.cachedSnapshot();
  const seen =
    copy === undefined ? undefined : await judgeAll(run, openInspection(run.target, copy), conditions, first);
  if (seen?.kind === 'open' && seen.result.kind === 'wait') return { ...seen, afresh: false };
  const state = await run.cluster.tmmState();
  if (isRefusal(state)) {
    const { reasonCode, sentence, next } = state;
    const result = wait('unreadable', {
      reasonCode,
      sentence: `The cluster cannot be read (${asClause(sentence)})`,
      next,
    });
    return { kind: 'open', result, afresh: true };
  }
  const opened = withPages(openInspection(run.target, state), seen?.inspection);
  const inspection = earlier === undefined ? opened : await readAgain(run, opened, earlier);
  return judgeAll(run, inspection, conditions, first);
}

/** What could not be read then is read when a condition asks for it: it would only make the others wait. */
async function readAgain(
  { cluster }: Pick<Run, 'cluster'>,
  inspection: Inspection,
  earlier: Inspection,
): Promise<Inspection> {
  const requests = inspection.pods.map((pod) => {
    const held = pagesOf(earlier, pod);
    return { pod, pages: PAGES.filter((page) => held[page]?.readable === true) };
  });
  return readPages(cluster, inspection, requests);
}

/** The answer to a judgement, with all that it asked to read, and the inspection that holds it. */
async function judge<Answer extends object>(
  { cluster }: Pick<Run, 'cluster'>,
  inspection: Inspection,
  judgement: (inspection: Inspection) => Answer | Unread,
): Promise<{ readonly answer: Answer; readonly inspection: Inspection }> {
  let deeper = inspection;
  for (;;) {
    const answer = judgement(deeper);
    if (!isUnread(answer)) return { answer, inspection: deeper };
    deeper = await readPages(cluster, deeper, [answer, ...(answer.also ?? [])]);
  }
}

async function judgeAll(
  run: Pick<Run, 'cluster'>,
  state: Inspection,
  conditions: Conditions,
  first: string | undefined,
): Promise<Look> {
  const all = conditions(state);
  const start = Math.max(
    0,
    all.findIndex(({ key }) => key === first),
  );
  const before = all.slice(0, start);
  const open = (condition: Condition, result: Wait | Fail, inspection: Inspection): Look => {
    return { kind: 'open', condition, result, inspection, afresh: true };
  };
  // What needs no reading is judged first, wherever it stands.
  for (const condition of before) {
    const result = condition.judge(state);
    if (result.kind === 'wait' || result.kind === 'fail') return open(condition, result, state);
  }
  let inspection = state;
  for (const condition of [...all.slice(start), ...before]) {
    const judged = await judge(run, inspection, (deeper) => condition.judge(deeper));
    inspection = judged.inspection;
    if (judged.answer.kind !== 'pass') return open(condition, judged.answer, inspection);
  }
  return { kind: 'all hold', inspection };
}

function withPages(inspection: Inspection, earlier: Inspection | undefined): Inspection {
  return earlier === undefined ? inspection : { ...inspection, pages: earlier.pages };
}

function isUnread(answer: object): answer is Unread {
  return 'kind' in answer && answer.kind === 'unread';
}

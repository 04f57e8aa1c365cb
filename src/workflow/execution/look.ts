import { openInspection, readPages } from '../../commands/inspection/inspect.ts';
import { type Inspection, PAGES, pagesOf } from '../../domain/bgp/inspection.ts';
import { type Fail, type Judgement, type Unread, type Wait, wait } from '../../domain/checks/check.ts';
import { asClause } from '../../domain/phrasing.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Run } from './run.ts';

/** One check of one thing, with its timeout. */
export interface Condition {
  /** The same in every evaluation. */
  readonly key: string;
  readonly bound: Bound;
  judge(inspection: Inspection): Judgement;
}

/** How long to wait, counted from the first wait; conditions with the same key share the time. */
export interface Bound {
  readonly key: string;
  readonly timeoutMs: number;
}

/** Conditions that have to hold at the same time; which ones may depend on the present pods. */
export type Conditions = (state: Inspection) => readonly Condition[];

/** The result of one evaluation. */
export type Look =
  | { readonly kind: 'all hold'; readonly inspection: Inspection }
  | {
      readonly kind: 'open';
      /** The condition that does not hold; undefined when the cluster could not be read. */
      readonly condition?: Condition;
      readonly result: Wait | Fail;
      readonly inspection?: Inspection;
      /** Whether the result is from a live read or from the cached snapshot. */
      readonly afresh: boolean;
    };

/**
 * Evaluates the conditions once. Unless `afresh` is set, the cached snapshot is evaluated first, which costs nothing. The cache
 * suffices only while a condition has to wait: a pass or a failure is confirmed with a live read.
 * @param first key of the condition to try first, which is the one that failed last time
 * @param earlier the outputs of this evaluation are read again in parallel before anything is judged
 * @param nodes names of the nodes that the conditions judge
 */
export async function lookOnce(
  run: Pick<Run, 'cluster' | 'target'>,
  conditions: Conditions,
  first: string | undefined,
  afresh: boolean,
  earlier?: Inspection,
  nodes: readonly string[] = [],
): Promise<Look> {
  const copy = afresh ? undefined : run.cluster.cachedSnapshot();
  const seen =
    copy === undefined ? undefined : await judgeAll(run, openInspection(run.target, copy), conditions, first);
  if (seen?.kind === 'open' && seen.result.kind === 'wait') return { ...seen, afresh: false };
  const state = await run.cluster.tmmState(nodes.length === 0 ? undefined : { nodes });
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

/** Outputs that could not be read then are read when a condition needs them: they would only delay the others. */
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

/** The answer to a judgement after reading all that it needs, and the inspection that holds it. */
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
  // Conditions that need no further read are judged first, wherever they are in the list.
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

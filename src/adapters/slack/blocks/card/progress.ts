import type { KnownBlock } from '@slack/types';
import type { Change, JournalEntry, Step } from '../../../../domain/change/change.ts';
import { describeStep, restartSentence } from '../../../../domain/change/describe-plan.ts';
import { describeOutcome, STATE_WORDS } from '../../../../domain/change/describe-state.ts';
import { clip, escapeInvisible, slackLength } from '../escape.ts';
import { plain, preformatted, smallMarkup } from '../message.ts';
import { moment, pageLink } from '../mrkdwn.ts';
import { differenceBlocks } from './plan.ts';

const SENTENCE = 800;
const HINT = 400;
const NEXT = 400;
const FRESH_DIFFERENCE = 1_000;

/** Why it ended or stopped, what that may mean, and what to do now; for a stale one, what its command would do now. */
export function outcomeBlocks(change: Change): readonly KnownBlock[] {
  const { outcome, state, freshPlan } = change;
  if (outcome === undefined) return [];
  const { hint = '', next = '', atMs } = outcome;
  const { words } = STATE_WORDS[state];
  return [
    plain(describeOutcome(change) ?? '', SENTENCE),
    ...(hint === '' ? [] : [plain(`💡 ${hint}`, HINT)]),
    ...(next === '' ? [] : [plain(`→ ${next}`, NEXT)]),
    smallMarkup(`${words.charAt(0).toUpperCase()}${words.slice(1)} ${moment(atMs)}`),
    ...(freshPlan === undefined
      ? []
      : [
          plain('With the cluster as it is now, the plan would be:'),
          ...differenceBlocks(freshPlan, FRESH_DIFFERENCE),
          plain(restartSentence(freshPlan)),
        ]),
  ];
}

const LIST = 1_300;
const WAITING = 300;
const FOUND = 160;

/** Where the cards of other changes are that this one names, by the ids of the changes; those that are unknown are not in it. */
export type CardLinks = ReadonlyMap<string, string>;

/** What is done, in hand and to come, step by step; nothing before it runs. */
export function progressBlocks(change: Change, links: CardLinks): readonly KnownBlock[] {
  if (change.journal.length === 0 && change.state !== 'running') return waitingBlocks(change, links);
  const entries = new Map(change.journal.map((entry) => [`${entry.phase} ${keyOf(entry.step)}`, entry]));
  const entryOf = (step: Step, phase: JournalEntry['phase']) => entries.get(`${phase} ${keyOf(step)}`);
  const running = change.state === 'running';
  const steps = stepsOf(change);
  const current = steps.findIndex(({ step }) => entryOf(step, 'found') === undefined);
  const lines = windowOf(steps.length, current < 0 ? steps.length : current, (index) => {
    const step = steps[index];
    return step === undefined ? undefined : clip(escapeInvisible(lineOf(step, entryOf, running)), LIST / 3);
  });
  return [...(lines.length === 0 ? [] : [preformatted(lines.join('\n'))]), ...waitingBlocks(change, links)];
}

/** What it waits for right now, and the way to the change that stands before it. */
function waitingBlocks(
  { state, progress = '', waitsFor = '' }: Change,
  links: CardLinks,
): readonly KnownBlock[] {
  const waits = (state === 'running' || state === 'approved') && progress !== '';
  if (!waits) return [];
  const url = links.get(waitsFor);
  return [
    plain(`⏳ ${progress}`, WAITING),
    ...(url === undefined ? [] : [smallMarkup(`→ ${pageLink(url, `Card of ${waitsFor}`)}`)]),
  ];
}

interface PlannedStep {
  readonly words: string;
  /** What the journal has to show before it is done. */
  readonly step: Step;
}

/** In the order in which they are carried out: node by node, unless all restart at once. */
function stepsOf({ plan }: Change): readonly PlannedStep[] {
  const { differences, restarts, strategy } = plan;
  const writes = differences.map(
    ({ lookup, node, after }): PlannedStep => ({
      words: describeStep({ kind: 'write', lookup, node }, after === null),
      step: { kind: 'write', lookup, node },
    }),
  );
  const checks = (strategy === 'none' ? [] : restarts).flatMap(({ node, pods }) =>
    pods.map(
      ({ name, uid }): PlannedStep => ({
        words: describeStep({ kind: 'evict', node, pod: name }),
        step: { kind: 'check', node, pod: name, uid },
      }),
    ),
  );
  const steps = [...writes, ...checks];
  if (strategy === 'all at once') return steps;
  const nodes = new Set([...differences, ...restarts].map(({ node }) => node));
  const turns = new Map([...nodes].map((node, turn) => [node, turn]));
  const turnOf = ({ step }: PlannedStep): number => turns.get(step.node) ?? 0;
  return steps.sort((one, other) => turnOf(one) - turnOf(other));
}

type EntryOf = (step: Step, phase: JournalEntry['phase']) => JournalEntry | undefined;

function lineOf({ step, words }: PlannedStep, entryOf: EntryOf, running: boolean): string {
  const found = entryOf(step, 'found')?.found;
  if (found !== undefined) return `✓ ${words}${step.kind === 'write' ? '' : below(clip(found, FOUND))}`;
  const evict: Step = step.kind === 'check' ? { ...step, kind: 'evict' } : step;
  if ((entryOf(step, 'intended') ?? entryOf(evict, 'intended')) === undefined) return `· ${words}`;
  const evicted = step.kind === 'check' && entryOf(evict, 'found') !== undefined;
  return `${running ? '…' : '✗'} ${words}${evicted ? below('the pod is gone, BGP is not back yet') : ''}`;
}

/** What was found stands on a line of its own, where a narrow screen does not cut it off. */
function below(words: string): string {
  return `\n  → ${words}`;
}

/** As many lines as fit, around the first that is not done, and how many there are before and after them. */
function windowOf(
  count: number,
  current: number,
  lineAt: (index: number) => string | undefined,
): readonly string[] {
  const shown: string[] = [];
  let from = Math.max(0, current - 2);
  let to = from;
  let length = 0;
  const fitting = (index: number): string | undefined => {
    const line = lineAt(index);
    if (line === undefined || length + slackLength(line) + 1 > LIST) return undefined;
    length += slackLength(line) + 1;
    return line;
  };
  for (let line = fitting(to); line !== undefined; line = fitting(to)) {
    shown.push(line);
    to += 1;
  }
  for (let line = fitting(from - 1); line !== undefined; line = fitting(from - 1)) {
    shown.unshift(line);
    from -= 1;
  }
  const after = count - to;
  return [
    ...(from === 0 ? [] : [`✓ ${from} ${from === 1 ? 'step' : 'steps'} before these, all done`]),
    ...shown,
    ...(after === 0 ? [] : [`· ${after} more ${after === 1 ? 'step' : 'steps'} after these`]),
  ];
}

function keyOf(step: Step): string {
  return step.kind === 'write' ? `write ${step.lookup} ${step.node}` : `${step.kind} ${step.uid}`;
}

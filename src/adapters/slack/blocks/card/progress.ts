import type { KnownBlock } from '@slack/types';
import { type Change, EVICTED_BY_OTHERS, WRITTEN_BY_OTHERS } from '../../../../domain/change/change.ts';
import { describeCover } from '../../../../domain/change/describe-impact.ts';
import { removesMapping, restartSentence } from '../../../../domain/change/describe-plan.ts';
import { describeCause, stepsPhase } from '../../../../domain/change/describe-state.ts';
import { shortNodes } from '../../../../domain/change/describe-subject.ts';
import { type EntryOf, entriesOf } from '../../../../domain/change/journal.ts';
import { type Step, stepsInOrder } from '../../../../domain/change/plan.ts';
import { counted } from '../../../../domain/phrasing.ts';
import { escapeInline } from '../escape.ts';
import { markup, plain, smallMarkup } from '../message.ts';
import { clock, moment, pageLink } from '../mrkdwn.ts';
import type { CardContext, CardLinks } from './context.ts';
import { differenceBlocks } from './plan.ts';

const MAX_SENTENCE_CHARS = 700;
const MAX_TRAFFIC_CHARS = 300;
const MAX_HINT_CHARS = 350;
const MAX_NEXT_CHARS = 350;
const FRESH_DIFFERENCE = 1_000;

/**
 * Why it ended or stopped, the state of traffic, and what to do next; for a stale change, the plan that its command gives now.
 */
export function outcomeBlocks(change: Change): readonly KnownBlock[] {
  const { outcome, freshPlan } = change;
  if (outcome === undefined) return [];
  const { hint = '', next = '', traffic = '' } = outcome;
  return [
    plain(describeCause(change) ?? '', MAX_SENTENCE_CHARS),
    ...(traffic === '' ? [] : [markup(`*Traffic now*  ${escapeInline(traffic, MAX_TRAFFIC_CHARS)}`)]),
    ...(hint === '' ? [] : [markup(`*Try*  ${escapeInline(hint, MAX_HINT_CHARS)}`)]),
    ...(next === '' ? [] : [plain(`→ ${next}`, MAX_NEXT_CHARS)]),
    ...(freshPlan === undefined
      ? []
      : [
          plain('With the cluster as it is now, the plan would be:'),
          ...differenceBlocks(freshPlan, FRESH_DIFFERENCE),
          plain(restartSentence(freshPlan)),
        ]),
  ];
}

const MAX_WAITING_CHARS = 300;

/** Completed, running and remaining steps, what is waited for, and the state of traffic. */
export function progressBlocks(change: Change, { links }: CardContext): readonly KnownBlock[] {
  const lines = stepLines(change);
  return [
    ...(lines.length === 0 ? [] : [markup(lines.join('\n'))]),
    ...waitingBlocks(change, links),
    ...(stepsPhase(change) === 'under way' ? meanwhileBlocks(change) : []),
  ];
}

/** What it waits for now, with a link to the change that has to end first. */
function waitingBlocks(
  { state, progress = '', waitsFor = '' }: Change,
  links: CardLinks,
): readonly KnownBlock[] {
  const waits = (state === 'running' || state === 'approved') && progress !== '';
  if (!waits) return [];
  const url = links.get(waitsFor);
  return [
    plain(`⏳ ${progress}`, MAX_WAITING_CHARS),
    ...(url === undefined ? [] : [smallMarkup(`→ ${pageLink(url, `Card of ${waitsFor}`)}`)]),
  ];
}

/** Which pods carried traffic when it was proposed; each step checks that again before it starts. */
function meanwhileBlocks({ plan, impact }: Change): readonly KnownBlock[] {
  const cover = impact === undefined ? undefined : describeCover(plan, impact);
  if (impact === undefined || cover === undefined) return [];
  return [markup(`*Traffic*  ${escapeInline(cover, MAX_TRAFFIC_CHARS)} Read ${moment(impact.readAtMs)}.`)];
}

const MAX_LIST_CHARS = 1_900;
const MAX_FOUND_CHARS = 200;
const MAX_NAME_CHARS = 80;

/** Completed, running and remaining steps in markup, with their times; empty before it runs. */
function stepLines(change: Change): readonly string[] {
  if (change.journal.length === 0 && change.state !== 'running') return [];
  const entryOf = entriesOf(change);
  const steps = stepsInOrder(change.plan);
  const names = shortNodes(steps.map(({ node }) => node));
  const current = steps.findIndex((step) => entryOf(step, 'found') === undefined);
  return windowOf(steps.length, current < 0 ? steps.length : current, (index) => {
    const step = steps[index];
    return step === undefined ? undefined : lineOf(step, change, names.get(step.node) ?? step.node, entryOf);
  });
}

/** Only a step that was started and is not done has a cross: a completed restart has its tick, even when BGP is not back. */
function lineOf(step: Step, change: Change, node: string, entryOf: EntryOf): string {
  const found = entryOf(step, 'found');
  if (found !== undefined)
    return `✓ ${wordsOf(step, change, node, 'done')}${below(step, found.found ?? '')} · ${clock(found.atMs)}`;
  const words = wordsOf(step, change, node, 'to come');
  const begun =
    step.kind === 'check' ? entryOf({ ...step, kind: 'evict' }, 'found') : entryOf(step, 'intended');
  if (begun === undefined) return `· ${words}`;
  if (change.state === 'running') return `◌ ${words}`;
  return `✗ ${words}: ${step.kind === 'check' ? 'not back' : 'not done'}`;
}

function wordsOf(step: Step, { plan }: Change, nodeName: string, tense: 'done' | 'to come'): string {
  const node = `*${escapeInline(nodeName, MAX_NAME_CHARS)}*`;
  switch (step.kind) {
    case 'write': {
      const removes = removesMapping(plan, step);
      const lookup = escapeInline(step.lookup, MAX_NAME_CHARS);
      if (tense === 'done') return `${node} ${removes ? 'removed from' : 'written in'} ${lookup}`;
      return removes ? `remove ${node} from ${lookup}` : `write ${node} in ${lookup}`;
    }
    case 'evict': {
      const pod = escapeInline(step.pod, MAX_NAME_CHARS);
      const done = plan.strategy === 'all at once' ? 'deleted' : 'evicted';
      return tense === 'done' ? `${node} pod ${pod} ${done}` : `restart ${pod} on ${node}`;
    }
    case 'check':
      return tense === 'done' ? `${node} BGP is back` : `BGP on ${node}`;
  }
}

function below(step: Step, found: string): string {
  if (found === WRITTEN_BY_OTHERS || found === EVICTED_BY_OTHERS) return ` (${found}, by somebody else)`;
  return step.kind === 'check' && found !== '' ? `: ${escapeInline(found, MAX_FOUND_CHARS)}` : '';
}

/** As many lines as fit, around the first step that is not done, with the number of steps before and after them. */
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
    if (line === undefined || length + line.length + 1 > MAX_LIST_CHARS) return undefined;
    length += line.length + 1;
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
    ...(from === 0 ? [] : [`✓ ${counted(from, 'step')} before these, all done`]),
    ...shown,
    ...(after === 0 ? [] : [`· ${counted(after, 'more step')} after these`]),
  ];
}

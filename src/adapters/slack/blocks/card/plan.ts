import type { KnownBlock } from '@slack/types';
import type { Change } from '../../../../domain/change/change.ts';
import {
  describeAlsoDropping,
  describeCover,
  restartLines,
} from '../../../../domain/change/describe-impact.ts';
import {
  describeRestart,
  differenceLines,
  restartedPods,
  restartSentence,
} from '../../../../domain/change/describe-plan.ts';
import { stepsPhase } from '../../../../domain/change/describe-state.ts';
import type { Impact } from '../../../../domain/change/impact.ts';
import { impactWarnings } from '../../../../domain/change/impact-warnings.ts';
import type { Plan, Warning } from '../../../../domain/change/plan.ts';
import { counted } from '../../../../domain/phrasing.ts';
import { escapeInline } from '../escape.ts';
import { markup, plain, preformatted, smallMarkup, smallPlain } from '../message.ts';
import { moment } from '../mrkdwn.ts';
import { firstLines } from '../text-table.ts';

// All parts at their longest stay below 10,000 characters: a card that Slack refuses would be worse than a cut one.
const DIFFERENCE = { alone: 2_400, withSteps: 1_300 };
const PODS = { alone: 800, withSteps: 300 };
const MAX_COVER_CHARS = 300;
const MAX_ALSO_CHARS = 200;

/** The basis of the approval: the difference beside the live state, its effect on traffic, and the warnings. */
export function decidingBlocks(change: Change): readonly KnownBlock[] {
  const { plan, impact } = change;
  return [
    ...differenceBlocks(plan, showsSteps(change) ? DIFFERENCE.withSteps : DIFFERENCE.alone, impact),
    ...impactBlocks(plan, impact),
    ...warningBlocks(change, impactWarnings(plan, impact)),
  ];
}

/** The rest of the plan: which pods restart, and their sessions. */
export function podBlocks(change: Change): readonly KnownBlock[] {
  const { plan, impact } = change;
  if (restartedPods(plan) === 0) return [];
  return [
    ...podListBlocks(plan, showsSteps(change) ? PODS.withSteps : PODS.alone, impact),
    ...(impact === undefined ? [] : [smallMarkup(`Sessions read ${moment(impact.readAtMs)}`)]),
  ];
}

/** The plan, once its steps show more than it: below them, in the tense of their progress. */
export function planBlocks(change: Change): readonly KnownBlock[] {
  const { plan } = change;
  const phase = stepsPhase(change);
  const restart = describeRestart(plan, phase);
  const restartNote = restart === undefined ? [] : [plain(`ℹ️ ${restart}`)];
  const difference = differenceBlocks(plan, DIFFERENCE.withSteps);
  switch (phase) {
    case 'to come':
      return [];
    case 'under way':
      return [...difference, plain(`🔄 ${restartSentence(plan)}`), ...warningBlocks(change)];
    case 'stopped':
      return [...difference, ...restartNote, ...warningBlocks(change)];
    case 'over':
      return [...difference, ...restartNote];
    case 'never begun':
      return [plain('Requested, but not done:'), ...difference, ...restartNote];
  }
}

/** Whether the card has steps or an outcome, whatever its state is. */
function showsSteps({ journal, outcome }: Change): boolean {
  return journal.length > 0 || outcome !== undefined;
}

const MAX_COUNTS_CHARS = 300;

/** The difference in the form of `diff`, within `limit` characters, and the number of added and removed mappings. */
export function differenceBlocks(plan: Plan, limit: number, impact?: Impact): readonly KnownBlock[] {
  const { shown, hidden } = firstLines(differenceLines(plan, impact), limit);
  if (shown.length === 0) return [];
  const counts = countMappings(plan);
  return [
    preformatted(shown.join('\n')),
    ...(hidden === 0 ? [] : [plain(`✂️ ${counted(hidden, 'more line')} of difference not shown.`)]),
    ...(counts === '' ? [] : [smallPlain(counts, MAX_COUNTS_CHARS)]),
  ];
}

/**
 * How many TMM pods restart, which pods carry traffic in the meantime, and what else goes down: the few lines that an approver
 * needs.
 */
function impactBlocks(plan: Plan, impact?: Impact): readonly KnownBlock[] {
  if (restartedPods(plan) === 0)
    return [markup(`*Impact*  ${escapeInline(restartSentence(plan), MAX_COVER_CHARS)}`)];
  const cover = impact === undefined ? undefined : describeCover(plan, impact);
  const also = impact === undefined ? undefined : describeAlsoDropping(plan, impact);
  const lines = [
    `*Impact*  ${escapeInline(restartSentence(plan), MAX_COVER_CHARS)}`,
    ...(cover === undefined ? [] : [escapeInline(cover, MAX_COVER_CHARS)]),
    ...(also === undefined ? [] : [escapeInline(also, MAX_ALSO_CHARS)]),
  ];
  return [markup(lines.join('\n')), plain(outageSentence(plan))];
}

/** Which TMM pods restart and with which sessions, within `limit` characters, and the effect on traffic. */
export function restartBlocks(plan: Plan, limit: number, impact?: Impact): readonly KnownBlock[] {
  const pods = restartedPods(plan) === 0 ? [] : podListBlocks(plan, limit, impact);
  return [...impactBlocks(plan, impact), ...pods];
}

function podListBlocks(plan: Plan, limit: number, impact: Impact | undefined): readonly KnownBlock[] {
  const { shown, hidden } = firstLines(restartLines(plan, impact), limit);
  return [
    preformatted(shown.join('\n')),
    ...(hidden === 0 ? [] : [smallPlain(`✂️ ${counted(hidden, 'more pod')} not shown.`)]),
  ];
}

const MAX_WARNINGS = 5;
const MAX_WARNING_CHARS = 220;

/** Warnings for the approver. */
export function warningBlocks({ id, plan }: Change, live: readonly Warning[] = []): readonly KnownBlock[] {
  const warnings = [...live, ...plan.warnings];
  const shown = warnings.slice(0, MAX_WARNINGS);
  const more = warnings.length - shown.length;
  return [
    ...shown.map(({ sentence }) => plain(`⚠️ ${sentence}`, MAX_WARNING_CHARS)),
    ...(more > 0 ? [smallPlain(`✂️ ${counted(more, 'more warning')}; type status ${id}`, 100)] : []),
  ];
}

/** The effect of the restart on traffic, by the plan alone. */
function outageSentence(plan: Plan): string {
  const { tmmCount, allowOutage } = plan;
  const pods = restartedPods(plan);
  if (plan.strategy === 'all at once') {
    if (pods >= tmmCount) {
      return '🚨 All TMM pods are deleted at once: no traffic passes until the first BGP session is Established again.';
    }
    const dropped =
      pods === 1
        ? '1 TMM pod is deleted without a check that another one carries traffic: its sessions drop'
        : `${pods} TMM pods are deleted at once: their sessions drop together`;
    return `⚠️ ${dropped}; ${tmmCount - pods} of ${tmmCount} TMM pods stay.`;
  }
  if (allowOutage) {
    return '🚨 The last TMM pod with an Established session may be evicted too (--allow-outage): traffic may stop meanwhile.';
  }
  const share = pods === 1 ? '' : `: 1 of ${tmmCount} TMM pods at a time`;
  return `While a pod restarts, all its BGP sessions are down${share}. The last TMM with an Established session is never evicted.`;
}

function countMappings({ differences }: Plan): string {
  const added = differences.filter(({ before, after }) => before === null && after !== null).length;
  const removed = differences.filter(({ after }) => after === null).length;
  const changed = differences.length - added - removed;
  if (changed === 1 && differences.length === 1) return '';
  const counts = [
    added === 0 ? '' : `${added} added`,
    changed === 0 ? '' : `${changed} changed`,
    removed === 0 ? '' : `${removed} removed`,
  ].filter((part) => part !== '');
  return `Mappings: ${counts.join(', ')}`;
}

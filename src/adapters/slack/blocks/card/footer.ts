import type { KnownBlock } from '@slack/types';
import type { Change } from '../../../../domain/change/change.ts';
import { passedChecks } from '../../../../domain/change/describe-plan.ts';
import { STATE_WORDS } from '../../../../domain/change/describe-state.ts';
import { smallMarkup } from '../message.ts';
import { moment } from '../mrkdwn.ts';
import type { CardContext } from './context.ts';

/** The last line of a card: the state in its own word, what was checked, until when it waits, and what proves it. */
export function footerBlocks(change: Change, { records }: CardContext): readonly KnownBlock[] {
  const { state, outcome, digest } = change;
  const { icon, words } = STATE_WORDS[state];
  const parts = [
    `${icon} ${words}${outcome === undefined ? '' : ` ${moment(outcome.atMs)}`}`,
    checksOf(change),
    clockOf(change),
    `fingerprint ${digest.slice(0, 12)}`,
    records === undefined ? '' : `audit #${records.first}–#${records.last}`,
  ];
  return [smallMarkup(parts.filter((part) => part !== '').join(' · '))];
}

/** What was checked when it was proposed and passed, for whoever decides. */
function checksOf({ plan, impact, state }: Change): string {
  if (state !== 'proposed' && state !== 'approved') return '';
  const checks = passedChecks(plan, impact);
  if (checks.length === 0) return '';
  return `✔ ${checks.length} ${checks.length === 1 ? 'check' : 'checks'} passed: ${checks.join(', ')}`;
}

function clockOf({ state, approveByMs, executeByMs }: Change): string {
  if (state === 'proposed') return `expires ${moment(approveByMs)}`;
  return state === 'approved' && executeByMs !== undefined
    ? `starts by ${moment(executeByMs)} or not at all`
    : '';
}

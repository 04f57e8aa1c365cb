import type { KnownBlock } from '@slack/types';
import type { Change, ParsedCommand } from '../../../../domain/change/change.ts';
import { escapeInline } from '../escape.ts';
import { mention } from '../mention.ts';
import { markup, plain, smallPlain } from '../parts.ts';
import { moment } from '../when.ts';

const COMMAND = 300;
const REASON = 520;

/** Who asked for what, where, and why. */
export function requestBlocks({
  plan,
  requester,
  createdAtMs,
  parsed,
  reason,
}: Change): readonly KnownBlock[] {
  const where = `target *${escapeInline(plan.target, 80)}*, namespace *${escapeInline(plan.namespace, 80)}*`;
  return [
    markup(`${mention(requester.userId)} asked ${moment(createdAtMs)} · ${where}`),
    smallPlain(wordsOf(parsed), COMMAND),
    ...(plan.rollsBack === undefined ? [] : [plain(undoing(plan.rollsBack), COMMAND)]),
    ...(reason === undefined || reason.trim() === '' ? [] : [plain(`Why: ${reason}`, REASON)]),
  ];
}

function undoing({ change, verb }: { readonly change: string; readonly verb: string }): string {
  return `↩️ Undoes ${change} (${verb}), and nothing that somebody else changed since.`;
}

/** The command as it was typed, without what the card says elsewhere. */
function wordsOf({ verb, args, flags }: ParsedCommand): string {
  const said = Object.entries(flags).filter(([name]) => name !== 'reason');
  return [
    verb,
    ...args,
    ...said.map(([name, value]) => (value === true ? `--${name}` : `--${name} ${value}`)),
  ].join(' ');
}

import type { Answer, Part } from '../domain/answer.ts';
import { isCounted } from '../domain/change/approvals.ts';
import type { Change, ParsedCommand } from '../domain/change/change.ts';
import { isUnfinished } from '../domain/change/change.ts';
import { STATE_WORDS } from '../domain/change/describe-state.ts';
import { nodesOf } from '../domain/change/plan.ts';
import { compareNames } from '../domain/natural-order.ts';
import { counted } from '../domain/phrasing.ts';
import type { Refusal } from '../domain/refusal.ts';
import { suggest } from '../domain/suggest.ts';
import { utcMinute } from '../domain/times.ts';
import { shortened } from '../domain/well-formed.ts';
import type { LocalQuery, LocalQueryContext } from './grammar/declaration.ts';
import { unreadableChanges } from './grammar/unreadable-changes.ts';
import { bareName, refuseChangeId } from './planning/find-node.ts';

const LOOKED_THROUGH = 1_000;
const SHOWN = 20;
const NAMED = 20;

/** Every change of a node, with its requester and approvers. */
export const command: LocalQuery = {
  kind: 'local query',
  audience: 'requesters',
  verb: 'history',
  summary: 'The changes of a node: what, when, who asked, who approved',
  forms: [[{ name: 'NODE', kind: 'node', need: 'required' }]],
  flags: ['public'],
  examples: ['history worker1.rack.example.com'],
  rights: [],
  answer,
};

async function answer(parsed: ParsedCommand, context: LocalQueryContext): Promise<Answer | Refusal> {
  const { store } = context;
  const wanted = bareName(parsed.args[0] ?? '');
  const changes = await store.recentChanges(LOOKED_THROUGH);
  const missing = unreadableChanges(context);
  const found = changes.filter(({ plan }) =>
    nodesOf(plan)
      .map((node) => node.toLowerCase())
      .some((node) => node === wanted || node.startsWith(`${wanted}.`)),
  );
  if (found.length === 0) {
    const known = [...new Set(changes.flatMap(({ plan }) => nodesOf(plan)))].sort(compareNames);
    return (
      refuseChangeId(wanted) ?? {
        title: `No changes of ${wanted}${changes.length < LOOKED_THROUGH ? '' : ` among the last ${LOOKED_THROUGH}`}`,
        parts: [...missing, { kind: 'text', text: namedNodes(wanted, known) }],
      }
    );
  }
  const more = found.length - SHOWN;
  return {
    title: `Changes of ${wanted}`,
    parts: [
      ...missing,
      ...openOnes(found),
      {
        kind: 'table',
        columns: ['Id', 'State', 'When (UTC)', 'What', 'Asked', 'Approved'],
        rows: found.slice(0, SHOWN).map(row),
      },
      {
        kind: 'text',
        text: `${more > 0 ? `${counted(more, 'older one is', 'older ones are')} not shown. ` : ''}Type audit ID for the records of one.`,
      },
    ],
  };
}

function namedNodes(wanted: string, known: readonly string[]): string {
  if (known.length === 0) return 'No change has named a node yet.';
  const near = suggest(wanted, known);
  const more = known.length > NAMED ? ` and ${known.length - NAMED} more` : '';
  return `${near === undefined ? '' : `Did you mean history ${near}? `}Changes have named ${known.slice(0, NAMED).join(', ')}${more}.`;
}

function openOnes(found: readonly Change[]): readonly Part[] {
  const changes = found.filter(isUnfinished).map(({ id }) => id);
  return changes.length === 0 ? [] : [{ kind: 'changes', label: 'Open', changes }];
}

function row({ id, state, createdAtMs, parsed, requester, decisions }: Change): readonly string[] {
  const approvers = decisions
    .filter(isCounted)
    .map(({ by, carriedOverFrom }) =>
      carriedOverFrom === undefined ? by.userId : `${by.userId} (for ${carriedOverFrom})`,
    );
  return [
    id,
    STATE_WORDS[state].words,
    utcMinute(createdAtMs),
    shortened([parsed.verb, ...parsed.args].join(' '), 60),
    requester.userId,
    approvers.join(', ') || '-',
  ];
}

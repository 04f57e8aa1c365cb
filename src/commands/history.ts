import type { Answer, Part } from '../domain/answer.ts';
import type { Change, ParsedCommand } from '../domain/change/change.ts';
import { isUnfinished } from '../domain/change/change.ts';
import { STATE_WORDS } from '../domain/change/describe-state.ts';
import { nodesOf } from '../domain/change/plan.ts';
import { counted } from '../domain/counted.ts';
import { utcMinute } from '../domain/segments.ts';
import type { LocalQuery, LocalQueryContext } from './grammar/declaration.ts';
import { unreadableChanges } from './grammar/unreadable-changes.ts';

const LOOKED_THROUGH = 1_000;
const SHOWN = 20;

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

async function answer(parsed: ParsedCommand, context: LocalQueryContext): Promise<Answer> {
  const { store } = context;
  const wanted = (parsed.args[0] ?? '').toLowerCase();
  const changes = await store.recentChanges(LOOKED_THROUGH);
  const missing = unreadableChanges(context);
  const found = changes.filter(({ plan }) =>
    nodesOf(plan)
      .map((node) => node.toLowerCase())
      .some((node) => node === wanted || node.startsWith(`${wanted}.`)),
  );
  if (found.length === 0) {
    const known = [...new Set(changes.flatMap(({ plan }) => nodesOf(plan)))].sort().slice(0, 20);
    const text =
      known.length === 0 ? 'No change has named a node yet.' : `Changes have named ${known.join(', ')}.`;
    return { title: `No changes of ${wanted}`, parts: [...missing, { kind: 'text', text }] };
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

function openOnes(found: readonly Change[]): readonly Part[] {
  const changes = found.filter(isUnfinished).map(({ id }) => id);
  return changes.length === 0 ? [] : [{ kind: 'changes', label: 'Open', changes }];
}

function row({ id, state, createdAtMs, parsed, requester, decisions }: Change): readonly string[] {
  const approvers = decisions
    .filter(({ kind }) => kind === 'approval')
    .map(({ by, carriedOverFrom }) =>
      carriedOverFrom === undefined ? by.userId : `${by.userId} (for ${carriedOverFrom})`,
    );
  return [
    id,
    STATE_WORDS[state].words,
    utcMinute(createdAtMs),
    [parsed.verb, ...parsed.args].join(' ').slice(0, 60),
    requester.userId,
    approvers.join(', ') || '-',
  ];
}

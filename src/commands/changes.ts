import type { Answer } from '../domain/answer.ts';
import type { Change } from '../domain/change/change.ts';
import { awaitsReview, STATE_WORDS } from '../domain/change/describe-state.ts';
import { findFreeze, whoFroze } from '../domain/policy/freeze.ts';
import { plainText, reported, say } from '../domain/segments.ts';
import { utcMinute } from '../domain/times.ts';
import { shortened } from '../domain/well-formed.ts';
import type { LocalQuery, LocalQueryContext } from './grammar/declaration.ts';
import { unreadableChanges } from './grammar/unreadable-changes.ts';

const SHOWN = 15;

export const command: LocalQuery = {
  kind: 'local query',
  audience: 'requesters',
  verb: 'changes',
  summary: 'The last changes, with their states',
  forms: [[]],
  flags: ['public'],
  examples: ['changes'],
  rights: [],
  answer: async (_, context) => answer(context),
};

async function answer(context: LocalQueryContext): Promise<Answer> {
  const { store, policy, atMs } = context;
  const changes = await store.recentChanges(SHOWN);
  const missing = unreadableChanges(context);
  const freezes = await store.freezes();
  const frozen = policy.targets.flatMap(({ name }) => {
    const found = findFreeze(freezes, policy.freezes, { verb: '*', target: name, atMs });
    if (found === undefined) return [];
    const said = say`${reported(name)} is frozen: ${whoFroze(found)}`;
    return [{ kind: 'note' as const, tone: 'warning' as const, text: plainText(said), inChat: said }];
  });
  if (changes.length === 0)
    return {
      title: 'No changes yet',
      parts: [...frozen, ...missing, { kind: 'text', text: 'Nobody has proposed one.' }],
    };
  return {
    title: `The last ${changes.length === 1 ? 'change' : `${changes.length} changes`}`,
    parts: [
      ...frozen,
      ...missing,
      { kind: 'table', columns: ['Id', 'State', 'When (UTC)', 'Target', 'What'], rows: changes.map(row) },
      { kind: 'text', text: 'Type status ID for all about one of them.' },
    ],
  };
}

function row(change: Change): readonly string[] {
  const when = utcMinute(change.createdAtMs);
  return [
    change.id,
    stateOf(change),
    when,
    change.plan.target,
    shortened([change.parsed.verb, ...change.parsed.args].join(' '), 60),
  ];
}

/** A use of break-glass stays marked until it is reviewed. */
function stateOf(change: Change): string {
  const { words } = STATE_WORDS[change.state];
  return awaitsReview(change) ? `${words}, break-glass not reviewed` : words;
}

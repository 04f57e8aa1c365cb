import { isChangeId, readChangeId } from '../../domain/change/change.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { isNodeLike } from './addresses.ts';
import type { Declaration } from './declaration.ts';

type Commands = readonly Pick<Declaration, 'verb' | 'forms'>[];

/** The arguments with `BGP 142` and `change 142` as one word, where a verb takes an id, and without `node` in front of a node. */
export function firstArgument(verb: string, args: readonly string[], commands: Commands): readonly string[] {
  const [word = '', next = '', ...more] = args;
  const forms = commands.find((one) => one.verb === verb)?.forms ?? [];
  const takes = (kind: 'change' | 'node'): boolean => forms.some(([first]) => first?.kind === kind);
  if (takes('change') && /^(?:bgp-?|change)$/i.test(word) && isChangeId(next))
    return [readChangeId(next), ...more];
  return takes('node') && /^nodes?:?$/i.test(word) && isNodeLike(next) ? [next, ...more] : args;
}

/** Refuses `show nodes` and `show ip bgp`, as routers and kubectl have it, with the query that this is here. */
export function refuseOtherQuery(
  verb: string,
  [word = '', ...more]: readonly string[],
  commands: Commands,
): Refusal | undefined {
  if (verb !== 'show') return undefined;
  const ofRouter = /^(?:ip )?bgp(?: (?:summary|neighbou?rs?))?(?= |$)/i.exec([word, ...more].join(' '))?.[0];
  const other = commands.find((one) => one.verb === word.toLowerCase() && one.verb !== 'show')?.verb;
  const [typed, meant] = ofRouter === undefined ? [word, other] : [ofRouter, 'show'];
  if (meant === undefined) return undefined;
  return {
    ...refuse('unknown_verb', `There is no command "show ${typed.slice(0, 60)}".`, `Did you mean ${meant}?`),
    meant: { typed: `show ${typed}`, name: meant },
  };
}

import type { Command } from '../../commands/grammar/declaration.ts';
import { suggestVerb } from '../../commands/grammar/suggest-verb.ts';
import type { CommandRegistry } from '../../commands/registry.ts';
import { canonicalAddress } from '../../domain/bgp/address.ts';
import type { Target } from '../../domain/bgp/target.ts';
import { isChangeId, readChangeId } from '../../domain/change/change.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { suggest } from '../../domain/suggest.ts';

/** The command with this verb, or a refusal that suggests the nearest one. */
export function findCommand(verb: string, registry: CommandRegistry): Command | Refusal {
  const command = registry.find(verb);
  if (command !== undefined) return command;
  const near =
    queryAbout(verb) ??
    suggestVerb(
      verb,
      registry.commands.map((one) => one.verb),
    );
  const sentence = `There is no command "${verb.slice(0, 60)}".`;
  const help = 'Type help to see all commands.';
  return near === undefined
    ? refuse('unknown_verb', sentence, help)
    : {
        ...refuse('unknown_verb', sentence, `Did you mean ${near}? ${help}`),
        meant: { typed: verb, name: near },
      };
}

/** What somebody probably wants who types nothing but the id of a change, a router or a node. */
function queryAbout(word: string): string | undefined {
  if (isChangeId(word)) return `status ${readChangeId(word)}`;
  if (canonicalAddress(word) !== undefined) return `peers ${word}`;
  return /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}$/.test(word) ? `show ${word}` : undefined;
}

/** The target named by `--target`, or the only one there is. */
export function chooseTarget(policy: Policy, named: string | true | undefined): Target | Refusal {
  const names = policy.targets.map(({ name }) => name);
  if (typeof named === 'string') {
    const wanted = named.toLowerCase();
    const bare = wanted.replace(/[.,:;!?…]+$/, '');
    const target =
      policy.targets.find(({ name }) => name.toLowerCase() === wanted) ??
      policy.targets.find(({ name }) => name.toLowerCase() === bare);
    if (target !== undefined) return target;
    const near = suggest(named, names);
    const offer = near === undefined ? '' : `Did you mean ${near}? `;
    return {
      ...refuse(
        'unknown_target',
        `There is no target ${named.slice(0, 60)}.`,
        `${offer}The policy has ${names.join(', ')}.`,
      ),
      ...(near === undefined ? {} : { meant: { typed: named, name: near } }),
    };
  }
  if (policy.targets.length === 1) return policy.targets[0];
  return refuse(
    'target_ambiguous',
    `There are ${names.length} targets: ${names.join(', ')}.`,
    `Add --target ${names.join(' or --target ')}.`,
  );
}

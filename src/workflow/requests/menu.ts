import type { Command } from '../../commands/grammar/declaration.ts';
import { capabilities } from '../../domain/authorization/capabilities.ts';
import type { Person } from '../../domain/person.ts';
import type { Membership } from '../../domain/policy/policy.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Menu, MenuEntry } from '../requests.ts';

export function menuOf(
  person: Person,
  membership: Membership,
  { policy, registry }: Pick<Dependencies, 'policy' | 'registry'>,
): Menu {
  const mine = capabilities(policy, person, membership, registry.commands).filter(({ use }) => use);
  const usable = new Set(mine.map(({ verb }) => verb));
  const entries = (which: (command: Command) => boolean): readonly MenuEntry[] =>
    registry.commands
      .filter((command) => usable.has(command.verb) && which(command))
      .map(({ verb, summary }) => ({ verb, summary }));
  return {
    changes: entries(({ kind }) => kind === 'change'),
    queries: entries(
      ({ kind, forms }) =>
        (kind === 'query' || kind === 'local query') &&
        forms.some((form) => form.every(({ need }) => need === 'optional')),
    ),
  };
}

import type { Command } from '../../commands/grammar/declaration.ts';
import { capabilities } from '../../domain/authorization/capabilities.ts';
import type { Person } from '../../domain/person.ts';
import type { Membership } from '../../domain/policy/policy.ts';
import type { Dependencies } from '../dependencies.ts';

/** What one person may begin by a button. */
export interface Menu {
  /** Change commands; each is asked for in a form. */
  readonly changes: readonly MenuEntry[];
  /** Queries that need nothing typed. */
  readonly queries: readonly MenuEntry[];
}

export interface MenuEntry {
  readonly verb: string;
  readonly summary: string;
}

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

import type { Person } from '../../../domain/person.ts';

interface Interaction {
  readonly user: { readonly id: string; readonly team_id?: string | undefined };
  readonly team?: { readonly id: string } | null | undefined;
}

/**
 * Who clicked, submitted or typed. In an Enterprise Grid organization the user may carry the id of the organization, which is no
 * workspace: then the workspace of the request counts, and `users.info` says whether the person belongs to it.
 */
export function personOf({ user, team }: Interaction): Person {
  const own = user.team_id ?? '';
  const named = own !== '' && !own.startsWith('E');
  return { userId: user.id, teamId: named ? own : (team?.id ?? own) };
}

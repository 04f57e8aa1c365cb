import type { Part } from '../../domain/answer.ts';
import type { LocalQueryContext } from './declaration.ts';

const MOST = 10;

/** Names the changes that an answer lacks because this release cannot read them. Call it after reading. */
export function unreadableChanges({ store }: Pick<LocalQueryContext, 'store'>): readonly Part[] {
  const ids = store.unreadable().changes;
  if (ids.length === 0) return [];
  const more = ids.length > MOST ? ` and ${ids.length - MOST} more` : '';
  const names = `${ids.slice(0, MOST).join(', ')}${more}`;
  const text = `${names} cannot be read by this release of the bot and ${ids.length === 1 ? 'is' : 'are'} left out.`;
  return [{ kind: 'note', tone: 'warning', text }];
}

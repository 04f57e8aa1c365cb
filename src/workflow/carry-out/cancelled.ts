import { type Halt, halt, type Run } from './run.ts';

/** To be asked before each effect: whether somebody asked this change to stop. */
export async function cancelled(run: Run): Promise<Halt | undefined> {
  const { cancelledBy, journal } = await run.refresh();
  if (cancelledBy === undefined) return undefined;
  const done = journal.some(({ phase }) => phase === 'found');
  return halt(
    'cancelled',
    done
      ? 'Stopped on request. The steps ticked above are done, the others are not.'
      : 'Stopped on request, before anything was done.',
  );
}

import type { Change } from '../../domain/change/change.ts';
import { describeFrozen } from '../../domain/policy/freeze.ts';
import { type Halt, halt, type Run } from './run.ts';

/** To be asked before each effect: whether somebody asked this change to stop, or froze its target. */
export async function checkForStopOrFreeze(run: Run): Promise<Halt | undefined> {
  const change = await run.refresh();
  if (change.cancelledBy !== undefined) return halt('cancelled', `Stopped on request${soFar(change)}`);
  // A window of the calendar does not interrupt what began before it: half done is worse than done.
  const frozen = change.breakGlassUse === undefined ? await run.declaredFreeze() : undefined;
  if (frozen === undefined) return undefined;
  return halt(
    'frozen',
    `Somebody froze ${run.target.name}: ${describeFrozen(frozen)}. Stopped${soFar(change)}`,
    {
      next: `After unfreeze, Check again goes on from here: resume ${change.id}`,
    },
  );
}

function soFar({ journal }: Change): string {
  return journal.some(({ phase }) => phase === 'found')
    ? '. The steps ticked above are done, the others are not.'
    : ', before anything was done.';
}

import type { JournalEntry } from '../../domain/change.ts';
import type { TmmPod } from '../../domain/snapshot.ts';
import { gatePeers } from './gate-peers.ts';
import { gatePrefixes } from './gate-prefixes.ts';
import { gateSessions } from './gate-sessions.ts';
import { gateSuccessors } from './gate-successors.ts';
import type { Halt, Run } from './run.ts';

/** Every gate behind an eviction, in order: Ready, the right peers, Established, and as much announced as before. */
export async function checkSuccessors(
  run: Run,
  taken: readonly string[],
  before: NonNullable<JournalEntry['before']>,
): Promise<{ readonly found: string } | Halt> {
  const successors = await gateSuccessors(run, taken, before.pods);
  if ('kind' in successors) return successors;
  for (const pod of successors) {
    const stopped = (await gatePeers(run, pod)) ?? (await gateSessions(run, pod));
    if (stopped !== undefined) return stopped;
  }
  const stopped = await gatePrefixes(run, successors, before.announced);
  if (stopped !== undefined) return stopped;
  return { found: successors.map(describe).join(', ') };
}

function describe(pod: TmmPod): string {
  return `${pod.name} on ${pod.node ?? 'no node'} Established`;
}

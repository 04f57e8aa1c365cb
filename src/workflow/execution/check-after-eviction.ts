import type { TmmPod } from '../../domain/bgp/snapshot.ts';
import type { JournalEntry } from '../../domain/change/change.ts';
import { checkPeers } from './check-peers.ts';
import { checkPrefixes } from './check-prefixes.ts';
import { checkReplacements } from './check-replacements.ts';
import { checkSessions } from './check-sessions.ts';
import type { Halt, Run } from './run.ts';

/** Every gate behind an eviction, in order: Ready, the right peers, Established, and as much announced as before. */
export async function checkAfterEviction(
  run: Run,
  taken: readonly string[],
  before: NonNullable<JournalEntry['before']>,
): Promise<{ readonly found: string } | Halt> {
  const replacements = await checkReplacements(run, taken, before.pods);
  if ('kind' in replacements) return replacements;
  for (const pod of replacements) {
    const stopped = (await checkPeers(run, pod)) ?? (await checkSessions(run, pod));
    if (stopped !== undefined) return stopped;
  }
  const stopped = await checkPrefixes(run, replacements, before.announced);
  if (stopped !== undefined) return stopped;
  return { found: replacements.map(describe).join(', ') };
}

function describe(pod: TmmPod): string {
  return `${pod.name} on ${pod.node ?? 'no node'} Established`;
}

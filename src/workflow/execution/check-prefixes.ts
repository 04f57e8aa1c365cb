import type { TmmPod } from '../../domain/bgp/snapshot.ts';
import type { Announced } from '../../domain/change/change.ts';
import { type CheckResult, pollPod } from './poll-pod.ts';
import { type Halt, halt, type Run } from './run.ts';

/**
 * Each successor announces at least as many prefixes to a peer as its predecessor did, by family of the peer. When
 * that could not be read before the eviction, there is nothing to compare with, and the sessions have to do.
 */
export async function checkPrefixes(
  run: Run,
  replacements: readonly TmmPod[],
  before: Announced | null,
): Promise<Halt | undefined> {
  if (before === null) return undefined;
  for (const pod of replacements) {
    const stopped = await pollPod(run, pod, run.target.timeouts.sessionTimeoutMs, ({ announced, expected }) =>
      judge(pod, before, announced, new Set(expected.peers.map(({ address }) => familyOf(address)))),
    );
    if (stopped !== undefined) return stopped;
  }
  return undefined;
}

function judge(
  pod: TmmPod,
  before: Announced,
  now: Announced | undefined,
  families: ReadonlySet<keyof Announced>,
): CheckResult {
  const about = `prefixes ${pod.uid}`;
  if (now === undefined) {
    const words = `the prefixes that ${pod.name} announces cannot be read`;
    return {
      kind: 'waiting',
      about,
      words,
      halt_: halt('prefixes_missing', `${words[0]?.toUpperCase()}${words.slice(1)}.`),
    };
  }
  const fewer = (['IPv4', 'IPv6'] as const).filter(
    (family) => families.has(family) && now[family] < before[family],
  );
  if (fewer.length === 0) return { kind: 'holds' };
  const words = fewer
    .map((family) => `${now[family]} of ${before[family]} prefixes announced to ${family} peers`)
    .join(', ');
  return {
    kind: 'waiting',
    about,
    words,
    halt_: halt(
      'prefixes_missing',
      `${pod.name} on ${pod.node ?? 'no node'} announces fewer prefixes than before: ${words}.`,
      {
        hint: 'Look at the virtual servers, and at acceptsIPv4 and acceptsIPv6 in the Helm values.',
      },
    ),
  };
}

function familyOf(address: string): keyof Announced {
  return address.includes(':') ? 'IPv6' : 'IPv4';
}

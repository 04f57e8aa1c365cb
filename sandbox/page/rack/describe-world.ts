import type { World, WorldNode, WorldRouter, WorldSession, WorldTmm } from '../../src/world/world.ts';

/** ✓ as it should be, ✗ broken, ◌ on its way, – nothing is wrong and nothing is there. */
export type Mark = '✓' | '✗' | '◌' | '–';

export interface Status {
  readonly mark: Mark;
  readonly words: string;
}

/** One sentence for each thing that may change, by a key of its own. */
export function describeWorld(world: World): ReadonlyMap<string, string> {
  const { nodes, routers, tmms, bot, redis, slack, rejectsNextPod } = world;
  return new Map([
    ...routers.map(
      (router) =>
        [`router ${router.address}`, `Router ${router.address} ${routerStatus(router).words}.`] as const,
    ),
    ...nodes.map(
      (node) =>
        [
          `node ${node.name}`,
          `${shortName(node.name)} ${nodeStatus(node).words}, ${mappingWords(node)}.`,
        ] as const,
    ),
    ...tmms.flatMap((tmm) => [
      [`tmm ${tmm.name}`, `TMM pod on ${shortName(tmm.node) || 'no node'} ${tmmStatus(tmm).words}.`] as const,
      ...tmm.sessions.map(
        (session) =>
          [
            sessionKey(tmm, session),
            `${shortName(tmm.node)} to ${session.address} ${sessionStatus(session, routers).words}.`,
          ] as const,
      ),
    ]),
    ['bot', `Bot ${bot.running ? 'running' : 'killed'}.`] as const,
    ['redis', `Redis ${redis}.`] as const,
    ['slack', `Slack ${slack}.`] as const,
    ['reject', `The next pod is ${rejectsNextPod ? 'rejected' : 'not rejected'}.`] as const,
  ]);
}

export function sessionKey(tmm: WorldTmm, session: WorldSession): string {
  return `session ${tmm.name} ${session.address}`;
}

export function routerStatus({ up, flapping, shutDown }: WorldRouter): Status {
  const words = flapping ? `flapping, ${up ? 'up' : 'down'}` : up ? 'up' : 'down';
  return {
    mark: up && !shutDown ? (flapping ? '◌' : '✓') : '✗',
    words: shutDown ? `${words}, shut down in the TMMs` : words,
  };
}

export function nodeStatus({ ready, cordoned, taints }: WorldNode): Status {
  const words = [
    ready ? 'Ready' : 'NotReady',
    ...(cordoned ? ['cordoned'] : []),
    ...taints.map((taint) => `tainted ${taint}`),
  ];
  return { mark: ready ? (cordoned || taints.length > 0 ? '–' : '✓') : '✗', words: words.join(', ') };
}

export function tmmStatus({ phase, reason, ready, leaving }: WorldTmm): Status {
  if (leaving) return { mark: '◌', words: 'is being deleted' };
  if (phase === 'Failed') return { mark: '✗', words: `Failed${reason === '' ? '' : `: ${reason}`}` };
  return ready ? { mark: '✓', words: 'Ready' } : { mark: '◌', words: `${phase}, not ready yet` };
}

/** A router that answers is Established within two seconds, so that nothing is wrong before. */
export function sessionStatus(
  { address, state, shutDown }: WorldSession,
  routers: readonly WorldRouter[],
): Status {
  if (state === 'Established') return { mark: '✓', words: state };
  if (shutDown) return { mark: '✗', words: `${state}, shut down` };
  const answers = routers.some((router) => router.address === address && router.up);
  return answers ? { mark: '◌', words: `${state}, starting` } : { mark: '✗', words: `${state}, no answer` };
}

function mappingWords({ mapping }: WorldNode): string {
  const peers = Object.values(mapping);
  return peers.length === 0 ? 'not mapped' : `mapped to ${peers.join(', ')}`;
}

/** Whether a TMM runs other peers than its node is mapped to now: it reads them only when it starts. */
export function isStale(tmm: WorldTmm, node: WorldNode): boolean {
  if (tmm.phase !== 'Running' || tmm.leaving) return false;
  const mapped = Object.values(node.mapping).flatMap(addressesIn);
  const running = tmm.sessions.map(({ address }) => address);
  return mapped.toSorted().join() !== running.toSorted().join();
}

/** The addresses in one mapping, however they are separated. */
export function addressesIn(mapping: string): readonly string[] {
  return mapping.toLowerCase().match(/[0-9a-f.:]+/g) ?? [];
}

export function shortName(node: string): string {
  return node.split('.')[0] ?? node;
}

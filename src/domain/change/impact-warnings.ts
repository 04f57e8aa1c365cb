import { addressesOf, firstLabel } from '../bgp/mapping.ts';
import { counted } from '../phrasing.ts';
import { listed, notLookedAt, shortNames } from './describe-impact.ts';
import { coverOf, type Impact, type PodImpact, restartedIn } from './impact.ts';
import type { Plan, Warning } from './plan.ts';

/** Live state that speaks against the plan, the worst first: what the approver has to know and the plan cannot show. */
export function impactWarnings(plan: Plan, impact: Impact | undefined): readonly Warning[] {
  if (impact === undefined) return [];
  return [
    ...uncovered(plan, impact),
    ...newPeersDown(plan, impact),
    ...downAlready(plan, impact),
    ...otherPeers(plan, impact),
    ...unreadSessions(plan, impact),
  ];
}

function uncovered(plan: Plan, impact: Impact): readonly Warning[] {
  return coverOf(plan, impact).flatMap(({ family, carriers, unknown }): Warning[] => {
    if (carriers.length > 0) return [];
    const dropping = restartedIn(plan, impact).flatMap((pod) =>
      pod?.carries.includes(family) === true ? [pod] : [],
    );
    const nodes = shortNames(dropping);
    const [first] = unknown;
    if (first !== undefined || impact.othersNotRead > 0) {
      const why =
        first === undefined
          ? notLookedAt(impact.othersNotRead)
          : `the sessions of ${shortNames(unknown)} are unknown: ${first.unread ?? 'no answer shows them'}`;
      return [
        {
          code: 'carriers_unknown',
          sentence: `Whether another TMM than ${nodes} carries ${family} is unknown (${why}).`,
        },
      ];
    }
    const then = plan.allowOutage
      ? `${family} traffic stops while ${plan.restarts.length === 1 ? 'it restarts' : 'they restart'}`
      : `${family} traffic would stop, so the change halts before the restart`;
    return [{ code: 'no_other_carrier', sentence: `No TMM but ${nodes} carries ${family} now: ${then}.` }];
  });
}

/** A router that the plan adds as a peer, and whose session with another TMM is down. */
function newPeersDown({ differences }: Plan, { pods: read }: Impact): readonly Warning[] {
  const added = new Map<string, string[]>();
  for (const { node, before, after } of differences) {
    const held = addressesOf(before);
    for (const address of addressesOf(after).filter((one) => !held.includes(one)))
      added.set(address, [...(added.get(address) ?? []), node]);
  }
  return [...added].flatMap(([address, nodes]): Warning[] => {
    const states = read.flatMap(({ node, sessions }) =>
      sessions.flatMap(({ peer, state, words }) => (peer === address ? [{ node, state, words }] : [])),
    );
    const [down] = states.filter(({ state }) => state === 'down');
    const answers = states.some(({ state }) => state === 'established');
    if (down === undefined || answers) return [];
    const of = listed(nodes.map((node) => firstLabel(node)));
    return [
      {
        code: 'new_peer_down',
        sentence: `${address}, the new peer of ${of}, is down already: ${firstLabel(down.node)} → ${address} is ${down.words}.`,
      },
    ];
  });
}

/** Sessions that are down before any restart. */
function downAlready(plan: Plan, impact: Impact): readonly Warning[] {
  const down = restartedIn(plan, impact).flatMap(
    (pod) =>
      pod?.sessions.flatMap(({ peer, state, words, stays }) =>
        state === 'down' ? [{ stays, words: `${firstLabel(pod.node)} → ${peer} (${words})` }] : [],
      ) ?? [],
  );
  const staying = down.filter(({ stays }) => stays);
  if (staying.length > 0) {
    const list = listed(staying.map(({ words }) => words));
    const sentence = `Down already: ${list}. The change halts unless it is up after the restart.`;
    return [{ code: 'session_down', sentence }];
  }
  return down.length === 0
    ? []
    : [
        {
          code: 'session_down',
          sentence: `Down already, and no longer a peer after this: ${listed(down.map(({ words }) => words))}.`,
        },
      ];
}

/** Pods whose peers differ from their mapping. */
function otherPeers(plan: Plan, impact: Impact): readonly Warning[] {
  const differing = restartedIn(plan, impact).flatMap((pod) => {
    if (pod === undefined) return [];
    const peersOf = (sessions: PodImpact['sessions']): string => listed(sessions.map(({ peer }) => peer));
    const live = pod.sessions.filter(({ mapped, state }) => !mapped && state !== 'absent');
    const absent = pod.sessions.filter(({ state }) => state === 'absent');
    const node = firstLabel(pod.node);
    if (live.length === 0)
      return absent.length === 0 ? [] : [`${node} does not peer with ${peersOf(absent)}, which is mapped`];
    const instead = absent.length === 0 ? 'which is not mapped' : `not with ${peersOf(absent)} as mapped`;
    return [`${node} peers with ${peersOf(live)}, ${instead}`];
  });
  return differing.length === 0
    ? []
    : [{ code: 'peers_differ', sentence: `The mapping is not what runs: ${listed(differing)}.` }];
}

function unreadSessions(plan: Plan, impact: Impact): readonly Warning[] {
  const restarted = restartedIn(plan, impact);
  const unread = restarted.flatMap((pod) => (pod?.unread === undefined ? [] : [pod]));
  const skipped = restarted.filter((pod) => pod === undefined).length;
  const [first] = unread;
  return [
    ...(first?.unread === undefined
      ? []
      : [
          {
            code: 'sessions_unknown',
            sentence: `The sessions of ${shortNames(unread)} are unknown (${first.unread}).`,
          },
        ]),
    ...(skipped === 0
      ? []
      : [
          {
            code: 'sessions_unknown',
            sentence: `The sessions of ${counted(skipped, 'more TMM pod that restarts', 'more TMM pods that restart')} were not read.`,
          },
        ]),
  ];
}

import { familyOf } from '../bgp/address.ts';
import { addressesOf, firstLabel, readMapping } from '../bgp/mapping.ts';
import { compareNames } from '../natural-order.ts';
import { counted } from '../phrasing.ts';
import { type Cover, coverOf, type Impact, type PeerImpact, type PodImpact, restartedIn } from './impact.ts';
import type { Plan } from './plan.ts';

/** Each TMM pod that restarts, with its sessions below it, one text per pod; without an impact, the pods alone. */
export function restartLines(plan: Plan, impact: Impact | undefined): readonly string[] {
  const read = new Map(impact?.pods.map((pod) => [pod.uid, pod]));
  return plan.restarts.flatMap(({ node, pods }) =>
    pods.map(({ name, uid }) => {
      const below = impact === undefined ? [] : linesBelow(read.get(uid));
      return [`↻ ${node}`, `  ${name}`, ...below.map((line) => `  ${line}`)].join('\n');
    }),
  );
}

/** Which pods carry traffic while these pods restart; undefined where nothing that they carry is known. */
export function describeCover(plan: Plan, impact: Impact): string | undefined {
  const covers = coverOf(plan, impact);
  const { othersNotRead } = impact;
  if (covers.length === 0) {
    const restarted = restartedIn(plan, impact);
    const known = restarted.every((pod) => pod?.unread === undefined && pod !== undefined);
    if (!known) return undefined;
    return restarted.length === 1
      ? 'It has no Established session now: it carries no traffic.'
      : 'None of them has an Established session now: they carry no traffic.';
  }
  const byWords = new Map<string, Cover['family'][]>();
  for (const cover of covers) {
    const words = carriersOf(cover);
    byWords.set(words, [...(byWords.get(words) ?? []), cover.family]);
  }
  const parts = [...byWords].map(([words, families]) =>
    words.replace('{}', families.join(words.startsWith('no ') ? ' or ' : ' and ')),
  );
  const asked = othersNotRead === 0 ? '' : ` ${notLookedAt(othersNotRead, 'other TMM pod')}.`;
  return `Meanwhile ${parts.join('; ')}.${asked}`;
}

/** The state of the sessions with the peers of a mapping: `✓ Established 12 d`, with addresses where there are several. */
export function describeLive(node: string, value: string, { pods }: Impact): string | undefined {
  const mapping = readMapping(value);
  const there = pods.filter((pod) => pod.node === node);
  if ('unreadable' in mapping || there.length === 0) return undefined;
  const [unread] = there.flatMap((pod) => pod.unread ?? []);
  const states = mapping.addresses.map((address) => {
    const session = there.flatMap(({ sessions }) => sessions).find(({ peer }) => peer === address);
    const words = session === undefined ? unreadWords(unread) : `${MARKS[session.state]} ${session.words}`;
    return mapping.addresses.length === 1 ? words : `${address} ${words}`;
  });
  return states.length === 0 ? undefined : states.join('; ');
}

const MARKS: Readonly<Record<PeerImpact['state'], string>> = {
  established: '✓',
  down: '✗',
  absent: '✗',
  unknown: '?',
};

function unreadWords(why: string | undefined): string {
  return why === undefined ? '? no session was seen' : `? unknown: ${why}`;
}

/**
 * What else goes down when one TMM pod restarts: its sessions with peers that stay. Undefined where there are none, or where
 * several pods restart.
 */
export function describeAlsoDropping(plan: Plan, impact: Impact): string | undefined {
  const [pod, ...others] = restartedIn(plan, impact);
  if (pod === undefined || others.length > 0) return undefined;
  const changed = new Set(plan.differences.flatMap(({ before }) => addressesOf(before)));
  const also = pod.sessions.filter(({ peer, state }) => state === 'established' && !changed.has(peer));
  if (also.length === 0) return undefined;
  const peers = listed(also.map(({ peer }) => peer));
  const back = also.every(({ stays }) => stays);
  return `Also drops ${peers} (✓ up)${back ? `, ${also.length === 1 ? 'comes' : 'come'} back` : ''}.`;
}

function linesBelow(pod: PodImpact | undefined): readonly string[] {
  if (pod === undefined) return ['? its sessions were not read'];
  if (pod.unread !== undefined) return [`? its sessions are unknown: ${pod.unread}`];
  if (pod.sessions.length === 0) return ['– it has no peer'];
  const { sessionsOmitted } = pod;
  return [
    ...pod.sessions.flatMap(sessionLines),
    ...(sessionsOmitted === 0 ? [] : [`… ${counted(sessionsOmitted, 'more session')}`]),
  ];
}

/** What happens to the session, and its present state below: two short lines, for narrow screens. */
function sessionLines({ peer, state, words, mapped, stays }: PeerImpact): readonly string[] {
  const now = `  ${words}${mapped ? '' : ', not mapped'}`;
  switch (state) {
    case 'established':
      return [`✓ ${peer} drops${stays ? ', comes back' : ''}`, now];
    case 'down':
      return [`✗ ${peer} is down already${stays ? '' : ', goes'}`, now];
    case 'absent':
      return [`✗ ${peer} is not a peer of this pod`, '  mapped, but not configured in it'];
    case 'unknown':
      return [`? ${peer}`, now];
  }
}

const MAX_NAMES = 3;

/** `{}` is replaced by the address families. */
function carriersOf({ carriers, carriersRestart, unknown }: Cover): string {
  if (carriersRestart) return 'the others carry {}, while one restarts';
  if (carriers.length > 0) {
    const names = shortNames(carriers);
    return `${names} ${carriers.length === 1 ? 'keeps' : 'keep'} carrying {}`;
  }
  return unknown.length > 0 ? 'it is unknown whether another TMM carries {}' : 'no other TMM carries {}';
}

/** `✓ worker2, worker3 carry · ✗ worker1 IPv6 only`: pods that carry all families of their peers, and pods that carry less. */
export function describeTraffic(pods: readonly PodImpact[], notRead: number): string {
  const known = pods.filter(({ unread }) => unread === undefined);
  const carrying = known.filter(({ carries }) => carries.length > 0);
  const full = carrying.filter((pod) => lackingIn(pod).length === 0);
  const part = carrying.filter((pod) => lackingIn(pod).length > 0);
  const none = known.filter(({ carries }) => carries.length === 0);
  const unknown = pods.filter(({ unread }) => unread !== undefined);
  const parts = [
    full.length === 0 ? '' : `✓ ${shortNames(full)} ${full.length === 1 ? 'carries' : 'carry'}`,
    ...part.map((pod) => `✗ ${firstLabel(pod.node)} ${pod.carries.join()} only`),
    none.length === 0 ? '' : `✗ ${shortNames(none)} ${none.length === 1 ? 'carries' : 'carry'} nothing`,
    unknown.length === 0 ? '' : `? ${shortNames(unknown)} unknown`,
    notRead === 0 ? '' : notLookedAt(notRead),
  ];
  return parts.filter((one) => one !== '').join(' · ') || '✗ no TMM pod is there';
}

/** Address families of its peers that it does not carry. */
function lackingIn({ sessions, carries }: PodImpact): readonly Cover['family'][] {
  const families = new Set(sessions.map(({ peer }) => familyOf(peer)));
  return [...families].filter((family) => !carries.includes(family));
}

/** Nodes by their first labels where these are unique: the first few, and the number of the others. */
export function shortNames(of: readonly Pick<PodImpact, 'node'>[]): string {
  const names = [...new Set(of.map(({ node }) => node))].sort(compareNames);
  const labels = names.map((name) => firstLabel(name));
  return listed(new Set(labels).size === names.length && !labels.some(isNumber) ? labels : names);
}

function isNumber(text: string): boolean {
  return /^\d*$/.test(text);
}

/** The first few, and the number of the others. */
export function listed(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return `${names.slice(0, MAX_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `1 TMM pod was not read`. */
export function notLookedAt(count: number, what = 'TMM pod'): string {
  return `${counted(count, `${what} was`, `${what}s were`)} not read`;
}

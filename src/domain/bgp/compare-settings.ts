import type { Member } from '../zebos/read-running-config.ts';
import type { ExpectedPeer, ExpectedPeers } from './inspection.ts';

/**
 * How a peer's settings in a pod differ from the Helm values: shutdown, BFD, password, route maps, and settings that no Helm key
 * asks for.
 */
export function compareSettings(
  { address, neighbor }: ExpectedPeer,
  member: Member,
): readonly SettingFinding[] {
  const findings: SettingFinding[] = [];
  const add = (code: SettingCode, sentence: string): void =>
    void findings.push({ code, peer: address, sentence });
  const { routeMap } = neighbor;
  if (member.shutdown) add('shut_down', `${address} is administratively shut down in the pod.`);
  if (neighbor.fallover && !member.bfd)
    add('wrong_bfd', `${address} has no BFD in the pod; the Helm values say fallover true. ${RESTART}`);
  if (!neighbor.fallover && member.bfd)
    add('wrong_bfd', `${address} has BFD in the pod; the Helm values say fallover false. ${RESTART}`);
  if (neighbor.passwordSet && !member.passwordSet)
    add(
      'wrong_password',
      `No password is set for ${address} in the pod; the Helm values set one. ${RESTART}`,
    );
  if (!neighbor.passwordSet && member.passwordSet)
    add(
      'wrong_password',
      `A password is set for ${address} in the pod; the Helm values set none. ${RESTART}`,
    );
  const maps = [
    ['in', member.routeMapIn],
    ['out', member.routeMapOut],
  ] as const;
  const shown = maps.flatMap(([direction, name]) => (name === undefined ? [] : [{ direction, name }]));
  if (routeMap !== undefined && !shown.some(({ name }) => name === routeMap))
    add(
      'wrong_route_map',
      `${address} has no route-map ${routeMap} in the pod; the Helm values say so. ${RESTART}`,
    );
  for (const { direction, name } of shown) {
    if (name !== routeMap)
      add(
        'wrong_route_map',
        `${address} has route-map ${name} ${direction} in the pod, which the Helm values do not name. ${RESTART}`,
      );
  }
  for (const setting of [
    member.prefixListIn && `prefix-list ${member.prefixListIn} in`,
    member.prefixListOut && `prefix-list ${member.prefixListOut} out`,
    member.updateSource && `update-source ${member.updateSource}`,
  ]) {
    if (setting !== undefined)
      add('unasked_setting', `${address} has ${setting} in the pod, which the Helm values do not ask for.`);
  }
  return findings;
}

/** One setting that differs from the Helm values. */
interface SettingFinding {
  readonly code: SettingCode;
  readonly peer: string;
  readonly sentence: string;
}

export type SettingCode =
  | 'shut_down'
  | 'wrong_bfd'
  | 'wrong_password'
  | 'wrong_route_map'
  /** A setting that no Helm key asks for. */
  | 'unasked_setting';

const RESTART = 'Restart needed: a pod reads the Helm values when it starts.';

/** What a comparison of a running-config covers, in words; nothing else may be reported to match the Helm values. */
export function comparedSettings({ peers }: ExpectedPeers): string {
  const hops = peers.some(({ neighbor }) => neighbor.ebgpMultihop !== undefined) ? ', multihop' : '';
  return `AS numbers${hops}, address families, soft-reconfiguration, BFD, route maps, max-paths ebgp, and whether a password is set`;
}

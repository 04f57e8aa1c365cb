import { readLookupAnchors } from '../adapters/kubernetes/anchor-annotation.ts';
import type { KubeConfigs } from '../adapters/kubernetes/kube-config.ts';
import { systemClock } from '../adapters/process.ts';
import { readSlackAnchors } from '../adapters/slack/read-anchors.ts';
import type { Environment } from '../config/environment.ts';
import type { AnchorSource } from '../domain/audit/anchor.ts';
import type { Policy } from '../domain/policy/policy.ts';

/** All anchors of the audit channel and of every lookup. */
export async function readAllAnchors(
  environment: Environment,
  policy: Policy,
  kubeConfigs: KubeConfigs,
): Promise<readonly AnchorSource[]> {
  const sources = [
    readSlackAnchors(environment.slack, policy.auditChannel).then((source) => [source]),
    ...lookupAnchors(policy, kubeConfigs).map(({ read }) => read()),
  ];
  return (await Promise.all(sources)).flat();
}

/** Long enough for whoever answers at all. */
const ANSWERS_WITHIN_MS = 8_000;

/** The newest anchors of each place, without those of places that do not answer within 8 s, of which it says so. */
export async function readNewestAnchors(
  environment: Environment,
  policy: Policy,
  kubeConfigs: KubeConfigs,
): Promise<readonly AnchorSource[]> {
  const soon = async (
    name: string,
    read: Promise<readonly AnchorSource[]>,
  ): Promise<readonly AnchorSource[]> => {
    const waiting = new AbortController();
    const late = systemClock.sleep(ANSWERS_WITHIN_MS, waiting.signal).then(() => {
      const error = `no answer in ${ANSWERS_WITHIN_MS / 1_000} s`;
      return [{ name, anchors: [], findings: [], error }];
    });
    return Promise.race([read, late]).finally(() => waiting.abort());
  };
  const { auditChannel } = policy;
  const sources = [
    soon(
      `Slack channel ${auditChannel}`,
      readSlackAnchors(environment.slack, auditChannel, 1).then((source) => [source]),
    ),
    ...lookupAnchors(policy, kubeConfigs).map(({ name, read }) => soon(name, read())),
  ];
  return (await Promise.all(sources)).flat();
}

function lookupAnchors({ targets }: Policy, kubeConfigs: KubeConfigs) {
  return targets.flatMap((target) => {
    const kubeConfig = kubeConfigs.get(target.name);
    const read = kubeConfig && (() => readLookupAnchors(target, kubeConfig));
    return read === undefined ? [] : [{ name: `the lookups of ${target.name}`, read }];
  });
}

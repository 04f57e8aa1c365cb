import { readLookupAnchors } from '../adapters/kubernetes/anchor-annotation.ts';
import { type KubeConfigs, loadKubeConfigs } from '../adapters/kubernetes/kube-config.ts';
import { systemClock } from '../adapters/process.ts';
import { readSlackAnchors } from '../adapters/slack/read-anchors.ts';
import type { Environment } from '../config/environment.ts';
import { describeFaults } from '../config/faults-of.ts';
import type { AnchorSource } from '../domain/audit/anchor.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { SignerMemory } from '../ports/store.ts';
import { loadSettings, reportConfigFaults } from './load-settings.ts';

export interface LoadedAnchors {
  readonly environment: Environment;
  /** All anchors of the audit channel and of every lookup. */
  readonly sources: readonly AnchorSource[];
}

/** The settings, and every anchor of the places that they name; undefined, after reporting why, when the settings are wrong. */
export async function loadAnchors(): Promise<LoadedAnchors | undefined> {
  const settings = await loadSettings();
  if (settings === undefined) return undefined;
  const { environment, policy } = settings;
  const kubeConfigs = loadKubeConfigs(policy.targets, environment);
  if (!(kubeConfigs instanceof Map)) {
    reportConfigFaults(describeFaults('environment', kubeConfigs));
    return undefined;
  }
  const sources = await Promise.all([
    readSlackAnchors(environment.slack, policy.auditChannel).then((source) => [source]),
    ...lookupAnchors(policy, kubeConfigs).map(({ read }) => read()),
  ]);
  return { environment, sources: sources.flat() };
}

/** The last signed head, from the file of `AUDIT_SIGNED_HEAD_FILE`; no anchor without such a file. */
export async function readSignedHead(memory: Pick<SignerMemory, 'read'>): Promise<readonly AnchorSource[]> {
  const name = 'the file of the last signed head';
  try {
    const anchor = await memory.read();
    return [{ name, anchors: anchor === undefined ? [] : [{ anchor, where: name }], findings: [] }];
  } catch (error) {
    return [
      { name, anchors: [], findings: [], error: error instanceof Error ? error.message : 'unreadable' },
    ];
  }
}

/** Long enough for any place that answers at all. */
const ANSWERS_WITHIN_MS = 8_000;

/** The newest anchors of each place; a place that does not answer within 8 s is reported as unread. */
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

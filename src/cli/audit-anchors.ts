import { z } from 'zod';
import { loadKubeConfigs } from '../adapters/kubernetes/kube-configs.ts';
import { readLookupAnchors } from '../adapters/kubernetes/read-anchors.ts';
import { connectRedis } from '../adapters/redis/connect.ts';
import { redisKeys } from '../adapters/redis/keys.ts';
import { redisStore } from '../adapters/redis/store.ts';
import { readSlackAnchors } from '../adapters/slack/read-anchors.ts';
import { loadRegistry } from '../commands/registry.ts';
import { describeFaults } from '../config/faults-of.ts';
import { loadConfig } from '../config/load.ts';
import { type AnchorSource, anchorText } from '../domain/audit/anchor.ts';
import { compareAnchors } from '../domain/audit/compare-anchors.ts';
import { type ComparedTrail, describeAnchors } from './anchor-report.ts';

const CONFIG_FAULT = 78;

/**
 * Reads the anchors back from the audit channel and from every lookup, and compares them with the trail in Redis.
 * `print` asks for `SEQ:HASH` of each on standard output, for `audit verify`. Exit code 0: all agree; 1: not all do;
 * 69: something could not be reached; 78: settings.
 */
export async function auditAnchors({ print }: { readonly print: boolean }): Promise<number> {
  const loaded = loadConfig((await loadRegistry()).commands.map(({ verb }) => verb));
  if (loaded.kind === 'faulty') return configFault(loaded.report);
  const { environment, policy } = loaded;
  const kubeConfigs = loadKubeConfigs(policy.targets, environment);
  if (!(kubeConfigs instanceof Map)) return configFault(describeFaults('environment', kubeConfigs));
  const sources = (
    await Promise.all([
      readSlackAnchors(environment.slack, policy.auditChannel),
      ...policy.targets.map((target) => {
        const kubeConfig = kubeConfigs.get(target.name);
        return kubeConfig === undefined ? [] : readLookupAnchors(target, kubeConfig);
      }),
    ])
  ).flat();
  // Read after the anchors, so that it has every record that they name.
  const { lines, code } = describeAnchors(sources, await compareWithTrail(environment.redisUrl, sources));
  const report = `${lines.join('\n')}\n`;
  if (print) process.stdout.write(printed(sources));
  (print ? process.stderr : process.stdout).write(report);
  return code;
}

async function compareWithTrail(url: string, sources: readonly AnchorSource[]): Promise<ComparedTrail> {
  const comparison = compareAnchors(sources.flatMap(({ anchors }) => anchors));
  let records = 0;
  try {
    const redis = await connectRedis(url, () => undefined);
    try {
      for await (const record of redisStore(redis.prompt, redisKeys()).records(1)) {
        records += 1;
        comparison.take(record);
      }
    } finally {
      await redis.close();
    }
    return { kind: 'compared', records, judged: comparison.end() };
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError)
      return { kind: 'unreadable', afterRecords: records };
    return { kind: 'unreachable', why: error instanceof Error ? error.message : 'it does not answer' };
  }
}

function printed(sources: readonly AnchorSource[]): string {
  const anchors = sources.flatMap((source) => source.anchors.map(({ anchor }) => anchor));
  const lines = anchors.toSorted((one, other) => one.seq - other.seq).map(anchorText);
  return [...new Set(lines)].map((line) => `${line}\n`).join('');
}

function configFault(report: string): number {
  process.stderr.write(`${report}\n`);
  return CONFIG_FAULT;
}

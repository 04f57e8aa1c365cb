import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import type { Fault } from '../../domain/fault.ts';
import { reuseConnections } from './reuse-connections.ts';

export interface Where {
  /** Paths as kubectl's KUBECONFIG lists them. */
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Whether the process runs in a pod, with a service account. */
  readonly inPod: boolean;
}

/**
 * How to reach a cluster: KUBECONFIG's files, else the pod's service account, else `~/.kube/config`.
 * Never a guessed address: without any of them it is a fault.
 */
export function loadKubeConfig({ kubeconfig, context, inPod }: Where): KubeConfig | Fault {
  try {
    const found = kubeconfig === undefined ? loadUsual(inPod) : loadFiles(kubeconfig);
    if (!(found instanceof KubeConfig)) return found;
    if (context !== undefined) {
      if (found.getContextObject(context) === null) return unknownContext(context, found);
      found.setCurrentContext(context);
    }
    if (found.getCurrentCluster() === null) return noCluster(found);
    return reuseConnections(found);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      path: 'KUBECONFIG',
      problem: `it cannot be read: ${why.slice(0, 200)}`,
      remedy: 'Name a kubeconfig that kubectl reads: kubectl --kubeconfig FILE config view',
    };
  }
}

function loadFiles(list: string): KubeConfig | Fault {
  const [first, ...rest] = list.split(delimiter).filter((file) => file !== '' && existsSync(file));
  if (first === undefined) {
    return {
      path: 'KUBECONFIG',
      problem: `there is no file ${list}`,
      remedy: 'Give the path of a kubeconfig, or leave it out in a pod.',
    };
  }
  const merged = new KubeConfig();
  merged.loadFromFile(first);
  for (const file of rest) {
    const next = new KubeConfig();
    next.loadFromFile(file);
    merged.mergeConfig(next, true);
  }
  return merged;
}

function loadUsual(inPod: boolean): KubeConfig | Fault {
  const config = new KubeConfig();
  const home = join(homedir(), '.kube', 'config');
  if (inPod) config.loadFromCluster();
  else if (existsSync(home)) config.loadFromFile(home);
  else {
    return {
      path: 'KUBECONFIG',
      problem: 'it is not set, this is not a pod, and there is no ~/.kube/config',
      remedy: 'Give the path of a kubeconfig.',
    };
  }
  return config;
}

function unknownContext(context: string, config: KubeConfig): Fault {
  const names = config.getContexts().map(({ name }) => name);
  return {
    path: 'targets[].context',
    problem: `the kubeconfig has no context ${JSON.stringify(context)}`,
    remedy: `It has ${names.join(', ') || 'none'}.`,
  };
}

function noCluster(config: KubeConfig): Fault {
  return {
    path: 'KUBECONFIG',
    problem: `its current context ${JSON.stringify(config.getCurrentContext() ?? '')} names no cluster`,
    remedy: 'Set one: kubectl config use-context NAME',
  };
}

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { Fault } from '../../domain/fault.ts';
import { boundCredentialPlugins } from './exec-credential.ts';

/** By the target's name. */
export type KubeConfigs = ReadonlyMap<string, KubeConfig>;

/**
 * Client configuration of each target's cluster, by the target's name; targets of one context share connections. Or all faults.
 */
export function loadKubeConfigs(
  targets: readonly { readonly name: string; readonly context?: string | undefined }[],
  where: Where,
): Map<string, KubeConfig> | readonly Fault[] {
  const faults: Fault[] = [];
  const byContext = new Map<string | undefined, KubeConfig>();
  const byTarget = new Map<string, KubeConfig>();
  for (const { name, context } of targets) {
    const found =
      byContext.get(context) ?? loadKubeConfig({ ...where, ...(context === undefined ? {} : { context }) });
    if (found instanceof KubeConfig) {
      byContext.set(context, found);
      byTarget.set(name, found);
    } else faults.push(found);
  }
  return faults.length === 0 ? byTarget : faults;
}

export interface Where {
  /** Paths in the format of kubectl's KUBECONFIG. */
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Whether the process runs in a pod, with a service account. */
  readonly inPod: boolean;
  /** Environment of credential plugins. */
  readonly pluginEnvironment: Readonly<Record<string, string | undefined>>;
}

/**
 * Loads the client configuration: KUBECONFIG's files, else the pod's service account, else `~/.kube/config`. Never guesses an
 * address: without any of them it is a fault.
 */
export function loadKubeConfig({ kubeconfig, context, inPod, pluginEnvironment }: Where): KubeConfig | Fault {
  try {
    const found = kubeconfig === undefined ? loadUsual(inPod) : loadFiles(kubeconfig);
    if (!(found instanceof KubeConfig)) return found;
    if (context !== undefined) {
      if (found.getContextObject(context) === null) return unknownContext(context, found);
      found.setCurrentContext(context);
    }
    if (found.getCurrentCluster() === null) return noCluster(found);
    return reuseConnections(boundCredentialPlugins(found, pluginEnvironment));
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
  const home = inPod ? undefined : homeConfig();
  if (inPod) config.loadFromCluster();
  else if (home !== undefined && existsSync(home)) config.loadFromFile(home);
  else {
    return {
      path: 'KUBECONFIG',
      problem: 'it is not set, this is not a pod, and there is no ~/.kube/config',
      remedy: 'Give the path of a kubeconfig.',
    };
  }
  return config;
}

/** Undefined for a user without a home directory, such as the one that OpenShift generates for a container. */
function homeConfig(): string | undefined {
  try {
    return join(homedir(), '.kube', 'config');
  } catch {
    return undefined; // It has neither HOME nor a line in /etc/passwd: there is no file to look for.
  }
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

const OLD_DISPATCHER_LIVES_MS = 60_000;

/**
 * Makes all calls through this config share connections. The client library builds an agent for each call as soon as TLS options
 * are set, and leaves its connection open; this keeps one agent until the options change (a rotated token or certificate). It
 * replaces a private method, so a test counts connections.
 */
export function reuseConnections(config: KubeConfig): KubeConfig {
  const create: unknown = Reflect.get(config, 'createDispatcher');
  if (typeof create !== 'function') return config;
  let last: { readonly key: string; readonly dispatcher: unknown } | undefined;
  Reflect.set(config, 'createDispatcher', (...args: readonly unknown[]): unknown => {
    const key = JSON.stringify(args, (_, value: unknown) =>
      Buffer.isBuffer(value) ? value.toString('base64') : value,
    );
    if (last?.key === key) return last.dispatcher;
    const old = last?.dispatcher;
    last = { key, dispatcher: Reflect.apply(create, config, args) };
    if (isAgent(old))
      setTimeout(() => void old.close().catch(() => undefined), OLD_DISPATCHER_LIVES_MS).unref();
    return last.dispatcher;
  });
  return config;
}

function isAgent(dispatcher: unknown): dispatcher is Dispatcher {
  return dispatcher instanceof Agent || dispatcher instanceof ProxyAgent;
}

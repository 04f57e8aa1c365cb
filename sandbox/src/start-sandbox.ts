import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { freePort } from './free-port.ts';
import type { Interfere } from './kubernetes/server/interference.ts';
import { hasRedisServer, type SandboxRedis, startRedis } from './redis.ts';
import { routerRoute } from './router-route.ts';
import { sandboxPolicy } from './sandbox-policy.ts';
import { NODES } from './seed-cluster.ts';
import type { KnownBlocks } from './slack/block-kit/validate-blocks.ts';
import { type PageWords, slackPage } from './slack/page/slack-page.ts';
import { sandboxWorkspace } from './slack/sandbox-workspace.ts';
import { type Slack, startSlack } from './slack/start-slack.ts';
import type { Workspace } from './slack/workspace.ts';
import { type SandboxCluster, startCluster } from './start-cluster.ts';
import { type SupervisedBot, startSupervisedBot } from './supervised-bot.ts';
import { type OpenWorld, openWorld, worldRoutes } from './world/open-world.ts';
import { createRouters, type Routers } from './zebos/routers.ts';
import type { StartRouting } from './zebos/start-zebos.ts';

export interface SandboxOptions {
  /** Of Slack and its page; 0 takes any free one. */
  readonly port: number;
  readonly kubePort: number;
  /** Where kubeconfig, env, policy.yaml and the bot's log are written. */
  readonly folder: string;
  /** The program's own file, which is started with `serve` as a user would. */
  readonly program: string;
  readonly slackMode?: 'socket' | 'http';
  /** YAML; the sandbox's own unless given. */
  readonly policy?: string;
  /** People and channels; the sandbox's own unless given. */
  readonly workspace?: Workspace;
  /** Which blocks Slack knows; all unless given. */
  readonly knownBlocks?: KnownBlocks;
  /** Breaks requests to the API server on purpose. */
  readonly interfere?: Interfere;
  /** What runs in a TMM pod's routing container; the sandbox's own ZebOS unless given. */
  readonly startRouting?: StartRouting;
  /** What the bot has in its environment besides; called when everything runs but the bot. */
  readonly environment?: (
    folder: string,
    cluster: SandboxCluster,
  ) => Promise<Readonly<Record<string, string>>>;
}

export interface Sandbox {
  readonly slack: Slack;
  readonly cluster: SandboxCluster;
  readonly redis: SandboxRedis;
  readonly routers: Routers;
  readonly bot: SupervisedBot;
  /** What a bot needs in its environment to work here. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts everything that the bot meets in the world, on 127.0.0.1, and then the bot itself. Resolves when all sessions are up. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const folder = resolve(options.folder);
  await mkdir(folder, { recursive: true });
  const started: { stop(): Promise<void> }[] = [];
  const keep = <Part extends { stop(): Promise<void> }>(part: Part): Part => {
    started.unshift(part);
    return part;
  };
  const stop = async (): Promise<void> => {
    for (const part of started.splice(0)) await part.stop();
  };
  try {
    const routers = createRouters();
    let world: OpenWorld | undefined;
    const [redis, cluster, slack] = await Promise.all([
      startRedis().then(keep),
      startCluster({
        port: options.kubePort,
        routers,
        interfere: options.interfere,
        startRouting: options.startRouting,
      }).then(keep),
      startSlack({
        port: options.port,
        workspace: options.workspace ?? sandboxWorkspace,
        ...SECRETS,
        ...(options.knownBlocks === undefined ? {} : { knownBlocks: options.knownBlocks }),
        extraRoutes: [routerRoute(routers), ...worldRoutes(() => world)],
        page: () => slackPage(PAGE_WORDS),
      }).then(keep),
    ]);
    const port = options.slackMode === 'http' ? await freePort() : 0;
    const policy = options.policy ?? sandboxPolicy();
    const written = await writeFiles(folder, { redis, cluster, slack, port, policy });
    const env = { ...written, ...(await options.environment?.(folder, cluster)) };
    if (port !== 0) slack.control.setApp({ requestUrl: `http://127.0.0.1:${port}/slack/events` });
    const bot = keep(
      await startSupervisedBot({ program: options.program, env, logFile: join(folder, 'bot.log') }),
    );
    world = keep(openWorld({ cluster, routers, bot, redis, slack }));
    // The world does not know the sessions of another routing stack.
    if (options.startRouting === undefined) await world.settled();
    return { slack, cluster, redis, routers, bot, env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One line: which Redis serves, and what one misses without a server. */
export function describeRedis(redis: SandboxRedis): string {
  if (redis.kind === 'redis-server') return "the machine's redis-server";
  return hasRedisServer() ? 'in process' : 'in process (no redis-server on this machine); nothing is kept';
}

const SECRETS = {
  signingSecret: 'sandbox-signing-secret',
  botToken: 'xoxb-sandbox',
  appToken: 'xapp-sandbox',
} as const;

/** What the page says of the bot, which it does not know by itself. */
const PAGE_WORDS: PageWords = {
  title: 'tor-bgp-bot sandbox',
  welcome: [
    'You are Alice, an engineer. Type a command below, or press one of the suggestions.',
    'Then become Bob, a lead, under “Who you are”, and press Approve on the card.',
  ],
  suggestions: [
    '/bgp rotate worker1.rack.example.com 10.20.1.9',
    '/bgp add worker4.rack.example.com 10.20.4.1',
    '/bgp show',
    '/bgp map',
    '/bgp verify',
    '/bgp help',
  ],
  completions: {
    commands: ['/bgp'],
    verbs: [
      ['show', 'mappings and live sessions'],
      ['verify', 'whether all is as mapped'],
      ['map', 'a picture of racks, peers and sessions'],
      ['nodes', 'nodes and their zones'],
      ['peers', 'who has this router'],
      ['stale', 'TMM pods older than their mapping'],
      ['add', 'NODE ADDRESS: map a node'],
      ['remove', 'NODE: take its mapping out'],
      ['rotate', 'NODE ADDRESS: another router, one TMM at a time'],
      ['restart', 'NODE or --all or --stale: replace TMM pods'],
      ['rollback', 'CHANGE: plan its rollback'],
      ['changes', 'the open ones'],
      ['status', 'CHANGE: where it is'],
      ['history', 'what was done, at a node or everywhere'],
      ['audit', 'the trail, or one change of it'],
      ['config', 'NODE: the running configuration'],
      ['values', 'as Helm values'],
      ['router', 'NODE: what the peer router needs'],
      ['freeze', 'stop all changes'],
      ['unfreeze', 'allow them again'],
      ['whoami', 'what you may do'],
      ['help', 'all commands, or one'],
    ],
    words: [
      ...NODES.map(({ name }) => name),
      '--dry-run',
      '--reason',
      '--lookup',
      '--all',
      '--stale',
      '--at-once',
      '--public',
    ],
  },
  // As in the manifest that `tor-bgp-bot manifest slack` makes.
  shortcuts: [
    { name: 'BGP change', type: 'global', callbackId: 'bgp_change' },
    { name: 'Roll back this change', type: 'message', callbackId: 'roll_back_change' },
  ],
};

interface Parts {
  readonly redis: SandboxRedis;
  readonly cluster: SandboxCluster;
  readonly slack: Slack;
  /** Of HTTP mode; 0 in socket mode. */
  readonly port: number;
  readonly policy: string;
}

async function writeFiles(
  folder: string,
  { redis, cluster, slack, port, policy }: Parts,
): Promise<Record<string, string>> {
  const kubeconfig = join(folder, 'kubeconfig');
  const policyFile = join(folder, 'policy.yaml');
  const env = {
    SLACK_MODE: port === 0 ? 'socket' : 'http',
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: SECRETS.botToken,
    SLACK_APP_TOKEN: SECRETS.appToken,
    SLACK_SIGNING_SECRET: SECRETS.signingSecret,
    REDIS_URL: redis.url,
    KUBECONFIG: kubeconfig,
    POLICY_FILE: policyFile,
    PORT: String(port),
    OPS_PORT: '0',
    LOG_LEVEL: 'info',
  };
  const lines = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  await Promise.all([
    writeFile(kubeconfig, cluster.kubeconfig),
    writeFile(policyFile, policy),
    writeFile(join(folder, 'env'), `${lines.join('\n')}\n`),
  ]);
  return env;
}

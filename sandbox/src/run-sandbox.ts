import { spawn } from 'node:child_process';
import { relative } from 'node:path';
import { describeRedis, type Sandbox, startSandbox } from './start-sandbox.ts';

export interface RunOptions {
  readonly port: number;
  readonly kubePort: number;
  readonly open: boolean;
  /** Slack knows only the blocks that it has had for years. */
  readonly oldBlocks: boolean;
  readonly program: string;
}

const FOLDER = '.sandbox';

/** `npm run sandbox`: starts it, says where everything is, and ends everything at Ctrl-C. Resolves to the exit code. */
export async function runSandbox({ port, kubePort, open, oldBlocks, program }: RunOptions): Promise<number> {
  const startedAtMs = Date.now();
  process.stdout.write('Starting Slack, Kubernetes, routers and the bot …\n');
  const ended = firstSignal();
  let sandbox: Sandbox;
  try {
    sandbox = await startSandbox({
      port,
      kubePort,
      folder: FOLDER,
      program,
      knownBlocks: oldBlocks ? 'old' : 'all',
    });
  } catch (error) {
    process.stderr.write(`The sandbox did not start: ${wordsOf(error)}\n`);
    return 1;
  }
  process.stdout.write(welcome(sandbox, (Date.now() - startedAtMs) / 1000));
  if (open && process.stdout.isTTY) openBrowser(sandbox.slack.url);
  const how = await Promise.race([ended, sandbox.bot.exited.then(() => 'bot' as const)]);
  if (how === 'bot') process.stderr.write(`The bot ended by itself; see ${FOLDER}/bot.log.\n`);
  else process.stdout.write('\nStopping …\n');
  await sandbox.stop();
  return how === 'bot' ? 1 : 0;
}

function welcome({ slack, cluster, redis, env }: Sandbox, seconds: number): string {
  const kubeconfig = relative('.', env.KUBECONFIG ?? '');
  return `Ready after ${seconds.toFixed(1)} s. Ctrl-C ends it.

  Slack       ${slack.url}   (a tour of two minutes, and the racks to break)
  Kubernetes  ${cluster.url}   KUBECONFIG=${kubeconfig} kubectl get pods -o wide
  Redis       ${describeRedis(redis)}
  Bot         ${FOLDER}/bot.log, its environment in ${FOLDER}/env
`;
}

function firstSignal(): Promise<'signal'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve('signal'));
  });
}

function openBrowser(url: string): void {
  const command =
    process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open';
  // A machine without a browser is no reason to fail.
  spawn(command, [url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

function wordsOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `${error.message}. Another program has this port: give others with --port and --kube-port.`;
  }
  return error instanceof Error ? error.message : String(error);
}

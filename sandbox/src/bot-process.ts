import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { freePort } from './free-port.ts';

export interface BotProcess {
  readonly pid: number;
  /** Where `/readyz` is. */
  readonly opsUrl: string;
  /** The exit code, once it ended; null after a signal. */
  readonly exited: Promise<number | null>;
  /** SIGTERM, and SIGKILL when that took too long. */
  stop(): Promise<void>;
  /** SIGKILL, at once; resolves when it is dead. */
  kill(): Promise<void>;
}

export interface BotOptions {
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Whether what stands in the log stays there; else it begins anew. */
  readonly keepLog?: boolean;
  /** Where standard output goes when it is not part of the log. */
  readonly outputFile?: string;
  /** `answering`: also a bot that says that it is not ready. */
  readonly until?: 'ready' | 'answering';
  /** Once it aborts, nobody waits for it any more: it is stopped. */
  readonly signal?: AbortSignal;
}

const HEALTH = z.object({ details: z.object({ pid: z.number() }) });
const READY_WITHIN_MS = 45_000;
/** Longer than the bot gives itself to finish what it has in hand. */
const STOP_WITHIN_MS = 60_000;

/** Starts `serve` as a user would, with nothing but other addresses in its environment, and waits until it is ready. */
export async function startBot({
  program,
  env,
  logFile,
  keepLog = false,
  outputFile,
  until = 'ready',
  signal,
}: BotOptions): Promise<BotProcess> {
  const opsPort = await freePort();
  const log = createWriteStream(logFile, { flags: keepLog ? 'a' : 'w' });
  const child = spawn(process.execPath, [resolve(program), 'serve'], {
    // Away from the checkout, where a .env may describe another bot than the sandbox's.
    cwd: dirname(resolve(logFile)),
    env: { ...inherited(), ...env, OPS_PORT: String(opsPort) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own: Ctrl-C in the terminal reaches it once, through us.
    detached: true,
  });
  child.stdout?.pipe(outputFile === undefined ? log : createWriteStream(outputFile));
  child.stderr?.pipe(log);
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const opsUrl = `http://127.0.0.1:${opsPort}`;
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  const bot = { pid: child.pid ?? 0, opsUrl, exited, kill, stop: () => stop(child, exited) };
  const ended = new AbortController();
  void exited.then(() => ended.abort());
  const wanted = { opsUrl, pid: bot.pid, evenUnready: until === 'answering' };
  const given = signal === undefined ? ended.signal : AbortSignal.any([ended.signal, signal]);
  if (await untilReady(wanted, given)) return bot;
  await bot.stop();
  throw new Error(`the bot did not become ready; its log is ${logFile}`);
}

/** PATH and the like, without anything that would make it another bot. */
function inherited(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, NODE_OPTIONS, SYSTEMROOT } = process.env;
  return { PATH, HOME, TMPDIR, NODE_OPTIONS, SYSTEMROOT };
}

/** Ready is who says so under its own process id: a port that was free a moment ago may be somebody else's. */
async function untilReady(
  { opsUrl, pid, evenUnready }: { opsUrl: string; pid: number; evenUnready: boolean },
  ended: AbortSignal,
): Promise<boolean> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline && !ended.aborted) {
    try {
      const answer = await fetch(`${opsUrl}/readyz`, { signal: ended });
      const health = HEALTH.safeParse(await answer.json());
      if ((answer.ok || evenUnready) && health.data?.details.pid === pid) return true;
    } catch {
      // Not listening yet.
    }
    await sleep(100, undefined, { signal: ended }).catch(() => undefined);
  }
  return false;
}

async function stop(child: ChildProcess, exited: Promise<number | null>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const late = await Promise.race([exited.then(() => false), sleep(STOP_WITHIN_MS, true, { ref: false })]);
  if (!late) return;
  child.kill('SIGKILL');
  await exited;
}

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BotProcess, startBot } from '../../sandbox/src/bot-process.ts';
import { freePort } from '../../sandbox/src/free-port.ts';
import type { Story } from '../stories/story.ts';

/** A replica beside the sandbox's own, on the same Slack, Redis and cluster. */
export interface AnotherBot extends BotProcess {
  /** Where Slack's requests arrive, in HTTP mode. */
  readonly port: string;
  /** Everything it wrote on standard output and standard error so far. */
  log(): Promise<string>;
}

export async function startAnother(
  story: Story,
  change: Readonly<Record<string, string>> = {},
  until: 'ready' | 'answering' = 'ready',
): Promise<AnotherBot> {
  const port = story.env.SLACK_MODE === 'http' ? String(await freePort()) : '0';
  const logFile = join(folderOf(story), `bot-${randomUUID().slice(0, 8)}.log`);
  const bot = await startBot({
    program: 'dist/cli.js',
    env: { ...story.env, PORT: port, ...change },
    logFile,
    until,
  });
  return { ...bot, port, log: () => readFile(logFile, 'utf8') };
}

/** What the sandbox's own bot wrote so far. */
export function logOf(story: Story): Promise<string> {
  return readFile(join(folderOf(story), 'bot.log'), 'utf8');
}

/** Where the sandbox keeps its files, which ends with it. */
function folderOf({ env }: Story): string {
  return dirname(env.KUBECONFIG ?? '');
}

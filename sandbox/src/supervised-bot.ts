import { setTimeout as sleep } from 'node:timers/promises';
import { type BotOptions, type BotProcess, startBot } from './bot-process.ts';

/** The bot as a Deployment would run it: one that was killed is started again. `pid` and `opsUrl` are of the one that runs. */
export interface SupervisedBot extends BotProcess {
  readonly running: boolean;
  /** SIGKILL; resolves once it is dead. A new one starts a second later, again and again until it comes up. */
  crash(): Promise<void>;
}

const DOWN_FOR_MS = 1_000;

/** `exited` settles when it ends without having been told to crash. */
export async function startSupervisedBot(options: BotOptions): Promise<SupervisedBot> {
  let bot = await startBot(options);
  let running = true;
  const stopping = new AbortController();
  let coming: Promise<void> = Promise.resolve();
  let leave: (code: number | null) => void = () => undefined;
  const exited = new Promise<number | null>((resolve) => {
    leave = resolve;
  });
  const follow = ({ exited: ends }: BotProcess): void => {
    void ends.then((code) => {
      if (running) leave(code);
      running = false;
    });
  };
  // While Slack is out or Redis is cut it does not come up.
  const comeBack = async (): Promise<void> => {
    for (;;) {
      await sleep(DOWN_FOR_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      const next = await startBot({ ...options, keepLog: true, signal: stopping.signal }).catch(
        () => undefined,
      );
      if (next === undefined) continue;
      bot = next;
      running = true;
      return follow(bot);
    }
  };
  follow(bot);
  return {
    get pid() {
      return bot.pid;
    },
    get opsUrl() {
      return bot.opsUrl;
    },
    get running() {
      return running;
    },
    exited,
    async crash() {
      if (!running) return;
      running = false;
      await bot.kill();
      coming = comeBack();
    },
    kill: () => bot.kill(),
    async stop() {
      stopping.abort();
      await coming;
      await bot.stop();
    },
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type BotOptions, type BotProcess, startBot } from './bot-process.ts';

/** The bot as a Deployment would run it: one that was killed is started again. `pid` and `opsUrl` are of the one that runs. */
export interface SupervisedBot extends BotProcess {
  readonly running: boolean;
  /** SIGKILL; resolves once it is dead. A new one starts a second later. */
  crash(): Promise<void>;
}

const DOWN_FOR_MS = 1_000;

/** `exited` settles when it ends without having been told to crash, or does not come back. */
export async function startSupervisedBot(options: BotOptions): Promise<SupervisedBot> {
  let bot = await startBot(options);
  let running = true;
  let stopped = false;
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
  const comeBack = async (): Promise<void> => {
    await sleep(DOWN_FOR_MS);
    if (stopped) return;
    bot = await startBot({ ...options, keepLog: true });
    running = true;
    follow(bot);
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
      coming = comeBack().catch(() => leave(1));
    },
    kill: () => bot.kill(),
    async stop() {
      stopped = true;
      await coming;
      await bot.stop();
    },
  };
}

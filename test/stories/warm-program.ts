import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { inherited, type Ran } from './run-program.ts';

/** A sub-command of the built program in a process that has loaded it already: half a second to two less for each run. */
export interface WarmProgram {
  /** Runs it with these arguments, as `cli.ts` would once it has read the command line; one run at a time. */
  run(args: readonly unknown[], env?: Readonly<Record<string, string>>): Promise<Ran>;
  stop(): Promise<void>;
}

const CHILD = fileURLToPath(new URL('./warm-program-child.mjs', import.meta.url));
const ran = z.object({ code: z.number(), out: z.string(), err: z.string() });

/** @param file of the sub-command below `dist/cli`, and the name of what it exports */
export function warmProgram(file: string, name: string): WarmProgram {
  let child: ChildProcess | undefined;
  const start = async (): Promise<ChildProcess> => {
    child = fork(CHILD, [`dist/cli/${file}`, name], { execArgv: [], env: inherited() });
    await once(child, 'message');
    return child;
  };
  return {
    async run(args, env = {}) {
      const running = child ?? (await start());
      running.send({ args, env: { ...inherited(), ...env } });
      const [answer] = await once(running, 'message');
      return ran.parse(answer);
    },
    async stop() {
      if (child?.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';

export interface Program {
  /** Throws with the tail of its log when the program is no longer running. */
  check(): Promise<void>;
  /** SIGTERM, and SIGKILL when that took longer than `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

const SETPRIV = '/usr/bin/setpriv';

/** Starts a program that ends with this process, however this process ends. Its output goes to `logFile`. */
export async function startProgram(file: string, args: readonly string[], logFile: string): Promise<Program> {
  const log = await open(logFile, 'w');
  // The kernel kills the child with its parent; without setpriv only an orderly end does.
  const [command, words] = existsSync(SETPRIV)
    ? [SETPRIV, ['--pdeathsig', 'KILL', '--', file, ...args]]
    : [file, [...args]];
  const child = spawn(command, words, { stdio: ['ignore', log.fd, log.fd] });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  const exited = once(child, 'exit').catch(() => undefined);
  void exited.then(() => log.close()).catch(() => undefined);
  const isOver = (): boolean => failure !== undefined || child.exitCode !== null || child.signalCode !== null;

  return {
    async check() {
      if (!isOver()) return;
      const tail = (await readFile(logFile, 'utf8')).split('\n').slice(-15).join('\n');
      throw new Error(`${file} ended (${failure?.message ?? child.exitCode ?? child.signalCode}):\n${tail}`);
    },
    async stop(graceMs = 5000) {
      process.off('exit', kill);
      if (isOver()) return;
      child.kill('SIGTERM');
      const timer = setTimeout(kill, graceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

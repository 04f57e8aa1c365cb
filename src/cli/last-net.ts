import type { Logger } from 'pino';
import { FAILED } from './exit-codes.ts';
import type { HealthBook } from './health.ts';
import { wordsOf } from './words-of.ts';

/**
 * Catches what nobody caught: a bug, since everything else is handled where it arises. Resolves at the first one, for an orderly
 * stop: what state the process is in, nobody knows any more. Further ones are only logged; a stop that takes longer than
 * `exitAfterMs` is cut short.
 */
export function catchUnhandled(
  log: Logger,
  health: HealthBook,
  exitAfterMs: number,
): Promise<{ readonly failure: string }> {
  return new Promise((resolve) => {
    const take = (error: unknown, kind: string): void => {
      const stack = error instanceof Error ? error.stack : undefined;
      log.fatal({ what: kind, stack }, `an error that nobody caught: ${wordsOf(error)}`);
      health.enter('failing');
      setTimeout(() => process.exit(FAILED), exitAfterMs).unref();
      resolve({ failure: wordsOf(error) });
    };
    process.on('uncaughtException', (error, origin) => take(error, origin));
    process.on('unhandledRejection', (error) => take(error, 'unhandledRejection'));
  });
}

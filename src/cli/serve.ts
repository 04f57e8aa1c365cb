import pino, { type Logger } from 'pino';
import { compose } from './compose.ts';
import { wordsOf } from './error-message.ts';
import { CONFIG_FAULT, FAILED, OK, UNREACHABLE } from './exit-codes.ts';
import { type HealthBook, openHealth } from './health.ts';
import { loadSettings, reportConfigFaults } from './load-settings.ts';
import { readVersion } from './version.ts';

const STOP_WITHIN_MS = 20_000;

/**
 * `tor-bgp-bot serve`: runs until SIGTERM or SIGINT, then finishes what it has started. The same after an uncaught error, but
 * with an exit code that requests a restart. Resolves to the exit code.
 */
export async function serve(): Promise<number> {
  const settings = await loadSettings();
  if (settings === undefined) return CONFIG_FAULT;
  const { logLevel, audit } = settings.environment;
  // Records and log lines never mix: if records go to standard output, nothing else does.
  const log = pino({ level: logLevel, base: null }, pino.destination(audit.stream === 'stdout' ? 2 : 1));
  const health = openHealth();
  // Before anything else, so that a signal or an error during the start still shuts down gracefully.
  const failed = catchUnhandled(log, health, 2 * STOP_WITHIN_MS);
  const ended = Promise.race([nextSignal().then((signal) => ({ signal })), failed]);
  const stopping = new AbortController();
  void ended.then(() => stopping.abort());
  const setting = { ...settings, log, version: readVersion(), health, stopping: stopping.signal };
  const running = await compose(setting).catch((error: unknown) => ({ kind: 'unreachable' as const, error }));
  if (running.kind === 'unreachable') {
    process.stderr.write(
      `The bot cannot start: ${wordsOf(running.error)}\nWhat to do about it: tor-bgp-bot doctor\n`,
    );
    return UNREACHABLE;
  }
  if (running.kind === 'faulty') return reportConfigFaults(running.report);
  if (running.kind === 'running') {
    health.enter('running');
    log.info({ opsPort: running.opsPort }, 'started');
  }
  const end = await ended;
  health.enter('stopping');
  log.info(end, 'stopping');
  void nextSignal().then((again) => {
    log.warn({ signal: again }, 'stopped at once');
    process.exit(1);
  });
  if (running.kind === 'running') await running.stop(STOP_WITHIN_MS);
  log.info('stopped');
  return 'signal' in end ? OK : FAILED;
}

function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    const take = (signal: string): void => {
      process.off('SIGTERM', take);
      process.off('SIGINT', take);
      resolve(signal);
    };
    process.on('SIGTERM', take);
    process.on('SIGINT', take);
  });
}

/**
 * Logs an uncaught exception or unhandled rejection, which is a bug, and resolves at the first one, so that the caller shuts
 * down: the state of the process is unknown. Further ones are only logged; a shutdown that takes longer than `exitAfterMs` is cut
 * short.
 */
function catchUnhandled(
  log: Logger,
  health: HealthBook,
  exitAfterMs: number,
): Promise<{ readonly failure: string }> {
  return new Promise((resolve) => {
    const take = (error: unknown, kind: string): void => {
      const stack = error instanceof Error ? error.stack : undefined;
      log.fatal({ what: kind, stack }, `uncaught error: ${wordsOf(error)}`);
      health.enter('failing');
      setTimeout(() => process.exit(FAILED), exitAfterMs).unref();
      resolve({ failure: wordsOf(error) });
    };
    process.on('uncaughtException', (error, origin) => take(error, origin));
    process.on('unhandledRejection', (error) => take(error, 'unhandledRejection'));
  });
}

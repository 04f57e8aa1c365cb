import pino from 'pino';
import { compose } from './compose.ts';
import { CONFIG_FAULT, OK, UNREACHABLE } from './exit-codes.ts';
import { loadSettings, reportConfigFaults } from './load-settings.ts';
import { readVersion } from './version.ts';

const STOP_WITHIN_MS = 20_000;

/** `tor-bgp-bot serve`: runs until SIGTERM or SIGINT, then finishes what it has begun. Resolves to the exit code. */
export async function serve(): Promise<number> {
  const settings = await loadSettings();
  if (settings === undefined) return CONFIG_FAULT;
  const { logLevel, audit } = settings.environment;
  // Records and log lines never mix: where records go to standard output, nothing else does.
  const log = pino({ level: logLevel, base: null }, pino.destination(audit.stream === 'stdout' ? 2 : 1));
  // Before anything starts, so that a signal during the start still ends it in order.
  const ended = nextSignal();
  const setting = { ...settings, log, version: readVersion() };
  const running = await compose(setting).catch((error: unknown) => ({ kind: 'unreachable' as const, error }));
  if (running.kind === 'unreachable') {
    const why = running.error instanceof Error ? running.error.message : String(running.error);
    process.stderr.write(`The bot cannot start: ${why}\nWhat to do about it: tor-bgp-bot doctor\n`);
    return UNREACHABLE;
  }
  if (running.kind === 'faulty') return reportConfigFaults(running.report);
  log.info({ opsPort: running.opsPort }, 'ready');
  const signal = await ended;
  log.info({ signal }, 'stopping');
  void nextSignal().then((again) => {
    log.warn({ signal: again }, 'stopped at once');
    process.exit(1);
  });
  await running.stop(STOP_WITHIN_MS);
  log.info('stopped');
  return OK;
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

import type { WebSocket } from 'ws';
import { channels, finish, send, success } from './exec-channels.ts';
import { type Inside, runCommand } from './run-command.ts';
import { serveImish } from './serve-imish.ts';

/** A program takes a moment to start; kubectl 1.32 loses what comes before it has made its streams. */
const STARTS_AFTER_MS = 20;

/** Runs what the query's `command` words say, sends its output and its status, and closes. */
export function serveExec(webSocket: WebSocket, query: URLSearchParams, inside: Inside): void {
  const argv = query.getAll('command');
  const hasInput = isTrue(query.get('stdin')) || isTrue(query.get('input'));
  if (inside.zebos !== undefined && hasInput && argv.length === 1 && argv[0] === 'imish') {
    serveImish(webSocket, inside.zebos, isTrue(query.get('tty')));
    return;
  }
  setTimeout(() => run(webSocket, argv, inside), STARTS_AFTER_MS);
}

function run(webSocket: WebSocket, argv: readonly string[], inside: Inside): void {
  if (webSocket.readyState !== webSocket.OPEN) return;
  const result = runCommand(argv, inside);
  if ('noSuchProgram' in result) {
    finish(webSocket, internalError(result.noSuchProgram));
    return;
  }
  send(webSocket, channels.stdout, result.stdout);
  send(webSocket, channels.stderr, result.stderr);
  finish(webSocket, result.exitCode === 0 ? success : nonZeroExit(argv, result.exitCode));
}

function nonZeroExit(argv: readonly string[], exitCode: number): object {
  const cause = `error executing command [${argv.join(' ')}], exit code ${exitCode}`;
  return {
    status: 'Failure',
    message: `command terminated with non-zero exit code: ${cause}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

function internalError(cause: string): object {
  const message = `error executing command in container: ${cause}`;
  return {
    status: 'Failure',
    message: `Internal error occurred: ${message}`,
    reason: 'InternalError',
    details: { causes: [{ message }] },
    code: 500,
  };
}

function isTrue(value: string | null): boolean {
  return value === '1' || value === 'true';
}

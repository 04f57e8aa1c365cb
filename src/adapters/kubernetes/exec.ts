import type { ClientRequest, IncomingMessage } from 'node:http';
import type { KubeConfig } from '@kubernetes/client-node';
import WebSocket from 'ws';
import { z } from 'zod';
import { parseJson } from '../../domain/json.ts';
import { messageIn } from './api-error.ts';
import type { Call } from './target-api.ts';

export interface ExecOrder {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  readonly timeoutMs: number;
  /** Limit for standard output and standard error together. */
  readonly maxBytes: number;
  /** Ends the exec when it aborts; counts the request when it is sent. */
  readonly call: Call;
}

export type ExecOutcome =
  | { readonly kind: 'ended'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  /** The server refused the upgrade; `said` is its message, empty where it gave none. */
  | { readonly kind: 'refused'; readonly code: number; readonly said: string }
  | { readonly kind: 'failed'; readonly why: string };

const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
// A DNS name or label: nothing else may reach a URL.
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** Runs one command in a container, without a terminal and without input. Never rejects; ends within `timeoutMs`. */
export async function exec(kubeConfig: KubeConfig, order: ExecOrder): Promise<ExecOutcome> {
  const odd = [order.namespace, order.pod, order.container].find((name) => !NAME.test(name));
  if (odd !== undefined) return { kind: 'failed', why: `${JSON.stringify(odd.slice(0, 80))} is not a name` };
  const server = kubeConfig.getCurrentCluster()?.server;
  if (server === undefined) return { kind: 'failed', why: 'no cluster is configured' };
  const options: WebSocket.ClientOptions = {};
  try {
    await kubeConfig.applyToHTTPSOptions(options);
  } catch (error) {
    return {
      kind: 'failed',
      why: `the credentials cannot be read: ${error instanceof Error ? error.message : 'why is unknown'}`,
    };
  }
  if (order.call.signal.aborted) return { kind: 'failed', why: 'it took too long' };
  order.call.requests += 1;
  const socket = new WebSocket(urlOf(server, order), PROTOCOLS, {
    ...options,
    handshakeTimeout: order.timeoutMs,
  });
  return converse(socket, order);
}

function urlOf(server: string, { namespace, pod, container, command }: ExecOrder): string {
  const query = new URLSearchParams({ container, stdout: 'true', stderr: 'true' });
  for (const word of command) query.append('command', word);
  const base = server.replace(/^http/, 'ws').replace(/\/$/, '');
  return `${base}/api/v1/namespaces/${namespace}/pods/${pod}/exec?${query}`;
}

function converse(socket: WebSocket, { timeoutMs, maxBytes, call }: ExecOrder): Promise<ExecOutcome> {
  return new Promise((resolve) => {
    const output = new Map<number, Buffer[]>([
      [STDOUT, []],
      [STDERR, []],
    ]);
    let bytes = 0;
    const end = (outcome: ExecOutcome): void => {
      clearTimeout(timer);
      call.signal.removeEventListener('abort', tooLate);
      // Late errors of a socket that is being closed are ignored.
      socket.removeAllListeners('message');
      socket.terminate();
      resolve(outcome);
    };
    const tooLate = (): void =>
      end({ kind: 'failed', why: `no answer within ${Math.round(timeoutMs / 1000)} s` });
    const timer = setTimeout(tooLate, timeoutMs);
    call.signal.addEventListener('abort', tooLate);
    const text = (channel: number): string => Buffer.concat(output.get(channel) ?? []).toString('utf8');

    socket.on('unexpected-response', (_: ClientRequest, response: IncomingMessage) => {
      const code = response.statusCode ?? 0;
      let body = '';
      const refused = (): void => end({ kind: 'refused', code, said: messageIn(body) });
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
        if (body.length > MAX_REFUSAL) refused();
      });
      response.on('end', refused).on('error', refused).on('close', refused);
    });
    socket.on('error', (error) =>
      end({ kind: 'failed', why: `the connection failed: ${error.message.slice(0, 200)}` }),
    );
    socket.on('close', () => end({ kind: 'failed', why: 'the connection closed before the command ended' }));
    socket.on('message', (message: WebSocket.RawData) => {
      const frame = bufferOf(message);
      const channel = frame[0];
      if (channel === undefined) return;
      if (channel === STATUS) {
        const exitCode = exitCodeOf(frame.subarray(1).toString('utf8'));
        end(
          typeof exitCode === 'number'
            ? { kind: 'ended', exitCode, stdout: text(STDOUT), stderr: text(STDERR) }
            : { kind: 'failed', why: exitCode.why },
        );
        return;
      }
      const chunks = output.get(channel);
      if (chunks === undefined) return;
      bytes += frame.length - 1;
      if (bytes > maxBytes) end({ kind: 'failed', why: `the output is longer than ${maxBytes} bytes` });
      else chunks.push(frame.subarray(1));
    });
  });
}

const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;

/** Characters of a Status, or of the page that a proxy gives instead. */
const MAX_REFUSAL = 10_000;

function bufferOf(message: WebSocket.RawData): Buffer {
  if (Array.isArray(message)) return Buffer.concat(message);
  return message instanceof ArrayBuffer ? Buffer.from(message) : message;
}

const statusSchema = z.object({
  status: z.string().optional(),
  message: z.string().optional(),
  details: z
    .object({
      causes: z.array(z.object({ reason: z.string().optional(), message: z.string().optional() })).nullish(),
    })
    .nullish(),
});

/** The exit code in the status frame, or why the command did not run. */
function exitCodeOf(json: string): number | { readonly why: string } {
  const parsed = statusSchema.safeParse(parseJson(json));
  if (!parsed.success) return { why: 'the status of the command cannot be read' };
  const { status, message, details } = parsed.data;
  if (status === 'Success') return 0;
  const code = details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  if (code !== undefined && /^\d+$/.test(code)) return Number(code);
  return { why: (message ?? 'the command could not be run').replace(/\s+/g, ' ').slice(0, 200) };
}

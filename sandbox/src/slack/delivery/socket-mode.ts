import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { ActivityLog } from '../activity-log.ts';
import { openAcks } from './acks.ts';
import type { Delivered, Envelope } from './envelope.ts';
import { openTickets } from './tickets.ts';

/** https://docs.slack.dev/apis/events-api/using-socket-mode: so many connections per app. */
const MAX_CONNECTIONS = 10;
const PING_INTERVAL_MS = 10_000;
/** After a disconnect frame Slack hangs up by itself when the client does not. */
const HANG_UP_MS = 10_000;
const FAREWELL_MS = 300;

export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

/** Slack's end of Socket Mode. */
export interface SocketMode {
  /** The path and query of a new single-use address. */
  issueAddress(): string;
  /** Takes over an HTTP upgrade of /link. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  deliver(envelope: Envelope): Promise<Delivered>;
  connections(): number;
  /** Sends a disconnect frame, to the oldest connection or to all; `cut` drops them without a word. */
  disconnect(reason: DisconnectReason, options: { readonly all: boolean; readonly cut: boolean }): number;
  /** Hangs up politely; who does not answer is cut off. */
  stop(): Promise<void>;
}

export function openSocketMode(options: {
  readonly appId: string;
  readonly ackTimeoutMs: number;
  readonly clock: () => number;
  readonly log: ActivityLog;
}): SocketMode {
  const server = new WebSocketServer({ noServer: true });
  const tickets = openTickets(options.clock);
  const acks = openAcks();
  const hangUps = new Set<NodeJS.Timeout>();
  let open: WebSocket[] = [];
  let turn = 0;
  let stopped = false;

  function accept(socket: WebSocket): void {
    socket.on('error', () => socket.terminate());
    if (open.length >= MAX_CONNECTIONS) {
      options.log.add({ kind: 'socket', event: 'refused', reason: 'too_many_websockets' });
      socket.send(JSON.stringify(disconnectFrame('too_many_websockets')));
      socket.close();
      return;
    }
    open.push(socket);
    const pings = setInterval(() => socket.ping(), PING_INTERVAL_MS);
    socket.on('close', () => {
      clearInterval(pings);
      open = open.filter((other) => other !== socket);
      acks.lost(socket);
      options.log.add({ kind: 'socket', event: 'closed', connections: open.length });
    });
    socket.on('message', (data) => {
      const ack = acks.take(String(data));
      if (ack?.inTime === false) options.log.add({ kind: 'late_ack', envelope_id: ack.envelopeId });
    });
    options.log.add({ kind: 'socket', event: 'opened', connections: open.length });
    socket.send(JSON.stringify(helloFrame(options.appId, open.length)));
  }

  function hangUpLater(socket: WebSocket): void {
    const timer = setTimeout(() => {
      hangUps.delete(timer);
      socket.terminate();
    }, HANG_UP_MS);
    hangUps.add(timer);
    socket.once('close', () => {
      clearTimeout(timer);
      hangUps.delete(timer);
    });
  }

  return {
    issueAddress: () => `/link?ticket=${tickets.issue()}&app_id=${options.appId}`,
    upgrade(request, socket, head) {
      const ticket = new URL(request.url ?? '/', 'http://slack').searchParams.get('ticket');
      if (stopped || !tickets.redeem(ticket)) {
        options.log.add({ kind: 'socket', event: 'refused', reason: 'invalid ticket' });
        socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, accept);
    },
    async deliver(envelope) {
      const ready = open.filter((socket) => socket.readyState === WebSocket.OPEN);
      const socket = ready[turn % Math.max(ready.length, 1)];
      turn += 1;
      if (socket === undefined) {
        return { ok: false, ackMs: 0, error: 'dispatch_failed', detail: 'nobody is connected' };
      }
      const id = randomUUID();
      const acknowledged = acks.wait(id, socket, options.ackTimeoutMs);
      socket.send(JSON.stringify(envelopeFrame(id, envelope)));
      return acknowledged;
    },
    connections: () => open.length,
    disconnect(reason, { all, cut }) {
      const chosen = all ? [...open] : open.slice(0, 1);
      for (const socket of chosen) {
        if (cut) {
          socket.terminate();
          continue;
        }
        socket.send(JSON.stringify(disconnectFrame(reason)));
        hangUpLater(socket);
      }
      options.log.add({ kind: 'socket', event: 'disconnect', reason, cut, connections: chosen.length });
      return chosen.length;
    },
    async stop() {
      stopped = true;
      for (const timer of hangUps) clearTimeout(timer);
      await Promise.all(open.map(farewell));
      server.close();
    },
  };
}

function farewell(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => socket.terminate(), FAREWELL_MS);
    socket.once('close', () => {
      clearTimeout(cut);
      resolve();
    });
    socket.close(1001);
  });
}

function helloFrame(appId: string, connections: number) {
  return {
    type: 'hello',
    num_connections: connections,
    debug_info: { host: 'sandbox', build_number: 1, approximate_connection_time: 18_060 },
    connection_info: { app_id: appId },
  };
}

function disconnectFrame(reason: DisconnectReason) {
  return { type: 'disconnect', reason, debug_info: { host: 'sandbox' } };
}

function envelopeFrame(id: string, envelope: Envelope) {
  return {
    envelope_id: id,
    type: envelope.type,
    payload: envelope.payload,
    accepts_response_payload: envelope.acceptsResponse,
    ...(envelope.type === 'events_api' && {
      retry_attempt: envelope.retry?.attempt ?? 0,
      retry_reason: envelope.retry?.reason ?? '',
    }),
  };
}

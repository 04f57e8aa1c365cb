import { createServer, type IncomingMessage, request as send } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Stands between the bot and Slack's sockets, and may let them die without a word. */
export interface FrontOfSlack {
  /** For SLACK_API_URL. */
  readonly apiUrl: string;
  /** How many sockets the bot ever opened. */
  opened(): number;
  /** From now on nothing passes through the sockets that are open, and neither end hears of it. */
  freeze(): void;
  stop(): Promise<void>;
}

export async function startFrontOfSlack(apiUrl: string): Promise<FrontOfSlack> {
  const upstream = new URL(apiUrl);
  const pairs = new Set<readonly [Duplex, Socket]>();
  let opened = 0;
  let own = '';
  const front = createServer((request, response) => {
    const { method, url, headers } = request;
    const onward = send(
      { host: upstream.hostname, port: upstream.port, method, path: url, headers },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          // The address of the socket must be ours as well.
          const text = Buffer.concat(chunks).toString();
          const body = url?.includes('apps.connections.open') ? text.replaceAll(upstream.host, own) : text;
          const { 'content-length': _, 'transfer-encoding': __, ...kept } = answer.headers;
          response.writeHead(answer.statusCode ?? 502, kept).end(body);
        });
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  front.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    opened += 1;
    const onward = connect(Number(upstream.port), upstream.hostname, () => {
      const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`);
      onward.write(`GET ${request.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    const pair = [socket, onward] as const;
    pairs.add(pair);
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
    onward.on('close', () => socket.destroy());
    socket.on('close', () => {
      pairs.delete(pair);
      onward.destroy();
    });
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const { port } = front.address() as AddressInfo;
  own = `127.0.0.1:${port}`;
  return {
    apiUrl: `http://${own}${upstream.pathname}`,
    opened: () => opened,
    freeze() {
      for (const [socket, onward] of pairs) {
        // Read on, so that an end that hangs up by itself is still noticed.
        socket.unpipe(onward).resume();
        onward.unpipe(socket).resume();
      }
    },
    stop: () =>
      new Promise((resolve) => {
        front.close(() => resolve());
        front.closeAllConnections();
        for (const [socket] of pairs) socket.destroy();
      }),
  };
}

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Request line and headers together; longer ones are answered with 431. */
const MAX_HEADER_BYTES = 16_384;
const HEADERS_WITHIN_MS = 5_000;
const REQUEST_WITHIN_MS = 10_000;
const IDLE_FOR_MS = 5_000;
/** How soon a request that is late is noticed. */
const CHECK_EVERY_MS = 1_000;
/** Below what a process may open, so that a port scan leaves room for Redis, Slack and the clusters. */
const MAX_CONNECTIONS = 256;

/**
 * A server that the open network may talk to. What is malformed gets 400, what is late 408, headers that are too long 431, a listener
 * that throws 500; connections beyond the limit are closed. Nothing of it leaves this function as an exception.
 */
export function createLimitedServer(listener: RequestListener, onError: (error: unknown) => void): Server {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_WITHIN_MS,
      requestTimeout: REQUEST_WITHIN_MS,
      keepAliveTimeout: IDLE_FOR_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
    },
    (request, response) => {
      // A caller that hangs up in the middle is no news.
      request.on('error', () => undefined);
      response.on('error', () => undefined);
      try {
        listener(request, response);
      } catch (error) {
        onError(error);
        if (response.headersSent) response.destroy();
        else response.writeHead(500, { connection: 'close' }).end();
      }
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

/** Port 0 takes a free one. What goes wrong with the listening socket later is told to `onError`. */
export function listenOn(
  server: Server,
  port: number,
  onError: (error: unknown) => void,
): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => {
      server.off('error', reject);
      server.on('error', onError);
      const address = server.address();
      if (address === null || typeof address === 'string')
        reject(new Error('listening for requests: no port was given'));
      else resolve(address);
    });
  });
}

/** Takes no more requests, and hangs up on who does not finish within `graceMs`. */
export function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const hangUp = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(hangUp);
      resolve();
    });
    server.closeIdleConnections();
  });
}

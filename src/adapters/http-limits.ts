import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Limit for request line and headers together; longer ones are answered with 431. */
const MAX_HEADER_BYTES = 16_384;
const HEADERS_WITHIN_MS = 5_000;
const REQUEST_WITHIN_MS = 10_000;
const IDLE_FOR_MS = 5_000;
/** Interval of the check for overdue requests. */
const CHECK_EVERY_MS = 1_000;
/** Below the open-file limit of a process, so that a port scan leaves room for Redis, Slack and the clusters. */
const MAX_CONNECTIONS = 256;

/**
 * A server that is safe on an open network. A malformed request gets 400, a late one 408, headers that are too long 431, a
 * listener that throws 500; connections beyond the limit are closed. Never throws any of it.
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
      // A caller that disconnects in the middle is not an error.
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

/** Port 0 selects a free one. `onError` receives later errors of the listening socket. */
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

/** Accepts no more requests, and disconnects callers that do not finish within `graceMs`. */
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

import { request } from 'node:http';
import { networkInterfaces } from 'node:os';

/** Asks as another machine would: the caller's address is not that of loopback. */
export function getFromElsewhere(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: string }> {
  const { port, pathname } = new URL(url);
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  // Where a machine has no other address, the second one of loopback counts as another machine.
  const from = own ?? '127.0.0.2';
  return new Promise((resolve, reject) => {
    const asked = request({ host: own ?? '127.0.0.1', port, path: pathname, headers, localAddress: from });
    asked.on('error', reject);
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
    asked.end();
  });
}

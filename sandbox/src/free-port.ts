import { createServer } from 'node:net';

// Below the ports that systems give to outgoing connections, so that none of those takes it before it is listened on.
const FROM = 20_000;
const TO = 32_000;
const TRIES = 50;

/** A port that nobody has at this moment on any address of this machine. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const port = FROM + Math.floor(Math.random() * (TO - FROM));
    if (await isFree(port)) return port;
  }
  throw new Error(`looking for a free port: ${TRIES} of them between ${FROM} and ${TO} are taken`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

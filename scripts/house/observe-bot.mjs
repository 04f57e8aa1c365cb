import { subscribe } from 'node:diagnostics_channel';
import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';

/**
 * Notes which functions run in this process and which requests it makes to the API server. Each SIGUSR2 ends a phase
 * and writes it to `phase-1.json` and so on: `files`, below `builtUrl`, with the places of the `functions` that ran and
 * whether the file `isLoaded` in this phase; and `requests`, with `method` and `path`. To be called before anything is
 * imported.
 */
export async function observeBot({ builtUrl, scratch }) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  const requests = [];
  const note = ({ method, path }) => API_PATH.test(path) && requests.push({ method, path });
  // Requests are made by undici, execs by `ws` on node:http.
  subscribe('undici:request:create', ({ request }) => note(request));
  subscribe('http.client.request.start', ({ request }) => note(request));

  let phase = 0;
  process.on('SIGUSR2', async () => {
    phase += 1;
    const written = { requests: requests.splice(0), files: await filesSinceThen(session, `${builtUrl}/`) };
    const file = join(scratch, `phase-${phase}.json`);
    writeFileSync(`${file}.part`, JSON.stringify(written));
    renameSync(`${file}.part`, file);
  });
}

const API_PATH = /^\/(api\/v1|apis)\//;

/** Taking the coverage also sets all counts to 0. */
async function filesSinceThen(session, builtUrl) {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  return result
    .filter(({ url }) => url.startsWith(builtUrl))
    .map(({ url, functions }) => {
      const ran = functions.map(({ ranges: [whole] }) => whole).filter(({ count }) => count > 0);
      return {
        file: url.slice(builtUrl.length),
        // The module itself is the function that begins with the file.
        functions: ran.map(({ startOffset }) => startOffset).filter((place) => place > 0),
        isLoaded: ran.some(({ startOffset }) => startOffset === 0),
      };
    });
}

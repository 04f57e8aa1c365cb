// The simulator: what may happen while changes run, by seeds; see test/simulation. `npm run simulate -- --seeds N`,
// `--seed S --trace`, `--without NAME` or `--without all`. TypeScript is transformed while it is loaded, so that nothing
// has to be built before.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const MENDS = JSON.parse(
  readFileSync(new URL('../test/simulation/without/mends.json', import.meta.url), 'utf8'),
);
const args = process.argv.slice(2);
const at = args.indexOf('--without');
const without = at < 0 ? undefined : args.splice(at, 2)[1];

// A tenth and more of the time, with Node 20; later versions have it anyway.
setFlagsFromString('--maglev');
process.exitCode = (await run()) ? 0 : 1;

/** Resolves to whether all is well: with all mends no violation, and without any one of them some. */
async function run() {
  if (without === 'all') return findAll();
  const edits = without === undefined ? [] : MENDS.find(({ name }) => name === without)?.edits;
  if (edits === undefined)
    throw new Error(`--without ${without}: there are ${MENDS.map(({ name }) => name).join(', ')}, and all`);
  register('./simulate/typescript-loader.mjs', import.meta.url, { data: { edits } });
  const { simulate } = await import('../test/simulation/cli.ts');
  return simulate(args);
}

/** Takes out one mend after the other, and says after how many seeds that is found. */
function findAll() {
  let found = 0;
  for (const { name, row, finds } of MENDS) {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        fileURLToPath(import.meta.url),
        '--without',
        name,
        '--seeds',
        '10000',
        '--first',
        finds.join(';'),
        ...args,
      ],
      { encoding: 'utf8', maxBuffer: 2 ** 28 },
    );
    const first = /^found after (\d+) seeds: .*$/m.exec(stdout);
    if (first !== null) found += 1;
    const said = first?.[0] ?? `NOT FOUND ${stdout.split('\n').at(-2) ?? ''} ${stderr.slice(0, 500)}`;
    process.stdout.write(`${name} (${row}): ${said}\n`);
  }
  process.stdout.write(`${found} of ${MENDS.length} mends are missed when they are taken out\n`);
  return found === MENDS.length;
}

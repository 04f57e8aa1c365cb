// Prints the numbers by which the structure is seen to drift: how many files there are, how large they are, who imports
// them, and how many of them one rotation runs. `npm run house`; `npm run house -- --static` only reads the source.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureRotation } from './house/measure-rotation.mjs';
import { printRotation } from './house/print-rotation.mjs';
import { printSources } from './house/print-sources.mjs';
import { readSources } from './house/read-sources.mjs';

const SOURCE = 'src';
/** What `SOURCE` is compiled to, and the sandbox; only for measuring a rotation. */
const BUILT = { folder: 'dist', program: 'dist/cli.js', sandbox: 'sandbox/dist/start-sandbox.js' };
/** A room is a folder of `SOURCE`, and in these rooms also each folder below. */
const WITH_SUBROOMS = ['domain', 'workflow', 'adapters'];
/** The files that decide who may do what. */
const AUTHORIZATION = /^domain\/authorization\//;

const { values: options } = parseArgs({ options: { static: { type: 'boolean', default: false } } });
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
printSources(readSources(SOURCE), { withSubrooms: WITH_SUBROOMS, authorization: AUTHORIZATION });
if (!options.static) printRotation(await measureRotation(BUILT));

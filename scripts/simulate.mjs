// The simulator: what may happen while changes run, by seeds; see test/simulation. `npm run simulate -- --seeds N`,
// `--seed S --trace`. TypeScript is transformed while it is loaded, so that nothing has to be built before.
import { register } from 'node:module';

register('./simulate/typescript-loader.mjs', import.meta.url);
const { simulate } = await import('../test/simulation/cli.ts');
process.exitCode = (await simulate(process.argv.slice(2))) ? 0 : 1;

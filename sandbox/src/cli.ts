import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { runSandbox } from './run-sandbox.ts';

/** The bot's own program, which the sandbox starts as a user would. */
const PROGRAM = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

await new Command('npm run sandbox --')
  .description('try tor-bgp-bot with nothing: Slack, a cluster and routers on this machine')
  .option('--port <port>', 'of Slack and its page', port, 3000)
  .option('--kube-port <port>', 'of the Kubernetes API', port, 3001)
  .option('--no-open', 'do not open the page in a browser')
  .option('--old-blocks', 'Slack refuses newer blocks, as a workspace that does not know them', false)
  .showHelpAfterError()
  .action(async (options: { port: number; kubePort: number; open: boolean; oldBlocks: boolean }) => {
    process.exitCode = await runSandbox({ ...options, program: PROGRAM });
    await new Promise((resolve) => process.stdout.write('', resolve));
    process.exit();
  })
  .parseAsync();

function port(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= 65_535) return number;
  throw new InvalidArgumentError('give a port from 0 to 65535');
}

import { stringify } from 'yaml';
import { loadRegistry } from '../commands/registry.ts';
import { roleManifest } from './role-manifest.ts';
import { slackManifest } from './slack-manifest.ts';

/** Prints the app manifest that api.slack.com takes under "Create from manifest". */
export async function printSlackManifest(options: {
  readonly command: string;
  readonly url?: string;
}): Promise<number> {
  process.stdout.write(`${SLACK_HEADER}${stringify(slackManifest(options), { lineWidth: 0 })}`);
  return 0;
}

/** Prints Role, ClusterRole and their bindings. */
export async function printRole({ namespace }: { readonly namespace: string }): Promise<number> {
  const { commands } = await loadRegistry();
  const documents = roleManifest(commands, namespace).map((document) =>
    stringify(document, { lineWidth: 0 }),
  );
  process.stdout.write(`${ROLE_HEADER}${documents.join('---\n')}`);
  return 0;
}

const SLACK_HEADER =
  '# Made by `tor-bgp-bot manifest slack`. At api.slack.com/apps: Create New App, From a manifest.\n';
const ROLE_HEADER = `# The least that the commands declare; made by \`npm run role\`, and a test compares.
# One Role and RoleBinding per namespace that the policy names: \`tor-bgp-bot manifest role --namespace NAME\`.
`;

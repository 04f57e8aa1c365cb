import { stringify } from 'yaml';

/** What kubectl and the bot read to reach this server, in this namespace by default. */
export function kubeconfigFor(url: string, namespace: string): string {
  const name = 'sandbox';
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name, user: { token: 'sandbox' } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
  });
}

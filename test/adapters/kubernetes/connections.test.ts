import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { selfSignedCertificate } from '../../../sandbox/src/kubelet/self-signed-certificate.ts';
import { reuseConnections } from '../../../src/adapters/kubernetes/kube-config.ts';

test('fifty calls share their connections', async () => {
  const server = createServer(await selfSignedCertificate(), (_, response) => {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end('{"kind":"PodList","apiVersion":"v1","items":[]}');
  });
  let connections = 0;
  server.on('secureConnection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'c', server: `https://127.0.0.1:${port}`, skipTLSVerify: true },
    { name: 'u', token: 't' },
  );
  const core = reuseConnections(config).makeApiClient(CoreV1Api);
  for (let call = 0; call < 50; call += 1) await core.listNamespacedPod({ namespace: 'spk-ingress' });
  expect(connections).toBeLessThanOrEqual(2);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

import type { CoreV1Api } from '@kubernetes/client-node';

/** What stories do in the cluster themselves, with the arguments of the client library. */
export type CoreApi = Pick<
  CoreV1Api,
  | 'createNamespacedPod'
  | 'createNode'
  | 'deleteNamespacedConfigMap'
  | 'deleteNamespacedPod'
  | 'listNamespacedConfigMap'
  | 'listNamespacedPod'
  | 'patchNamespacedConfigMap'
  | 'patchNamespacedPod'
  | 'patchNamespacedPodStatus'
  | 'patchNode'
  | 'readNamespacedConfigMap'
>;

/** The client library has a thousand modules, and Jest loads them anew for each file of tests: a second each time. */
export function coreApi(url: string): CoreApi {
  const call = async (method: string, path: string, body?: unknown) => {
    const type = method === 'PATCH' ? 'application/json-patch+json' : 'application/json';
    const answer = await fetch(`${url}/api/v1/${path}`, {
      method,
      headers: { 'content-type': type },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  };
  const pathOf = (kind: 'pods' | 'configmaps', { namespace, name = '' }: Where): string =>
    `namespaces/${namespace}/${kind}/${name}`.replace(/\/$/, '');
  const selected = ({ labelSelector = '' }: { labelSelector?: string }): string =>
    `?labelSelector=${encodeURIComponent(labelSelector)}`;
  const managed = ({ fieldManager }: { fieldManager?: string }): string =>
    fieldManager === undefined ? '' : `?fieldManager=${fieldManager}`;
  return {
    createNamespacedPod: (asked) => call('POST', pathOf('pods', asked), asked.body),
    createNode: (asked) => call('POST', 'nodes', asked.body),
    deleteNamespacedConfigMap: (asked) => call('DELETE', pathOf('configmaps', asked)),
    deleteNamespacedPod: (asked) => call('DELETE', pathOf('pods', asked)),
    listNamespacedConfigMap: (asked) => call('GET', `${pathOf('configmaps', asked)}${selected(asked)}`),
    listNamespacedPod: (asked) => call('GET', `${pathOf('pods', asked)}${selected(asked)}`),
    patchNamespacedConfigMap: (asked) =>
      call('PATCH', `${pathOf('configmaps', asked)}${managed(asked)}`, asked.body),
    patchNamespacedPod: (asked) => call('PATCH', pathOf('pods', asked), asked.body),
    patchNamespacedPodStatus: (asked) => call('PATCH', `${pathOf('pods', asked)}/status`, asked.body),
    patchNode: (asked) => call('PATCH', `nodes/${asked.name}`, asked.body),
    readNamespacedConfigMap: (asked) => call('GET', pathOf('configmaps', asked)),
  };
}

interface Where {
  readonly namespace: string;
  readonly name?: string;
}

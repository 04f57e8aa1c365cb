const LABELS = { app: 'f5-tmm' };

/** Pods as the SPK TMM has them, as far as a controller cares. */
export function tmmTemplate(image = 'tmm:1', spec: object = {}, annotations: object = {}): object {
  return {
    metadata: { labels: LABELS, annotations },
    spec: { containers: [{ name: 'f5-tmm', image }], ...spec },
  };
}

export function tmmDeployment(spec: object = {}): object {
  return {
    metadata: { name: 'f5-tmm' },
    spec: { replicas: 3, selector: { matchLabels: LABELS }, template: tmmTemplate(), ...spec },
  };
}

export function tmmDaemonSet(spec: object = {}): object {
  return {
    metadata: { name: 'f5-tmm' },
    spec: { selector: { matchLabels: LABELS }, template: tmmTemplate(), ...spec },
  };
}

export function tmmBudget(spec: object): object {
  return { metadata: { name: 'tmm-stays' }, spec: { selector: { matchLabels: LABELS }, ...spec } };
}

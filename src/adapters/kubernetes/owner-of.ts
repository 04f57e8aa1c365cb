import type { LookupOwner } from '../../domain/bgp/snapshot.ts';
import { FIELD_MANAGER } from '../../domain/drift/detect.ts';

/** The parts of an object's metadata that show which tool manages it. */
export interface OwnershipMarks {
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly ownerReferences: readonly { readonly kind: string; readonly name: string }[];
  /** Field managers, from `metadata.managedFields`. */
  readonly managers: readonly FieldManager[];
}

type Texts = Readonly<Record<string, string>>;

export interface FieldManager {
  readonly manager: string;
  /** `Apply` is server-side apply; anything else is `Update`. */
  readonly operation?: string | undefined;
  /** Whether it wrote any of the object's data. */
  readonly ofData: boolean;
}

/**
 * The tool that would restore its own version, by the marks that each tool documents, the most specific first. Undefined means
 * that no mark was found, not that no tool manages the object.
 */
export function ownerOf(marks: OwnershipMarks): LookupOwner | undefined {
  for (const { tool, signs } of TOOLS) {
    for (const sign of signs) {
      const name = sign(marks);
      if (name !== undefined) return { tool, name };
    }
  }
  return managedBy(marks) ?? controller(marks) ?? applied(marks) ?? instanceAlone(marks);
}

/** The object's name in the tool; undefined where the mark is missing. */
type Sign = (marks: OwnershipMarks) => string | undefined;

interface Tool {
  readonly tool: string;
  readonly signs: readonly Sign[];
}

const INSTANCE = 'app.kubernetes.io/instance';
const MANAGED_BY = 'app.kubernetes.io/managed-by';

const TOOLS: readonly Tool[] = [
  {
    tool: 'Argo CD',
    signs: [
      // https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
      annotation('argocd.argoproj.io/tracking-id', (id) => id.split(':')[0] ?? id),
      label('argocd.argoproj.io/instance'),
      written(/^argocd/i),
    ],
  },
  {
    tool: 'Flux',
    signs: [
      label('kustomize.toolkit.fluxcd.io/name'),
      label('helm.toolkit.fluxcd.io/name'),
      written(/^(?:kustomize-controller|helm-controller|flux(?:-client-side-apply)?|gotk-)/i),
    ],
  },
  {
    tool: 'Config Sync',
    // https://cloud.google.com/kubernetes-engine/config-sync/docs/reference/labels-and-annotations
    signs: [
      label('configmanagement.gke.io/sync-name'),
      annotation('configmanagement.gke.io/sync-name'),
      annotation('configsync.gke.io/resource-id'),
      annotation('configmanagement.gke.io/managed', (value) => (value === 'enabled' ? 'enabled' : undefined)),
      label('configsync.gke.io/declared-version'),
      label(MANAGED_BY, (value) => (value === 'configmanagement.gke.io' ? value : undefined)),
      written(/^config(?:sync|management)/i),
    ],
  },
  {
    tool: 'kapp',
    signs: [
      label('kapp.k14s.io/app'),
      annotation('kapp.k14s.io/identity'),
      label('kapp.k14s.io/association'),
      written(/^kapp(?:-|$)/i),
    ],
  },
  {
    tool: 'Fleet',
    signs: [
      label('fleet.cattle.io/bundle-name'),
      annotation('fleet.cattle.io/bundle-name'),
      annotation('fleet.cattle.io/bundle-id'),
      annotation('objectset.rio.cattle.io/id', (id) => (id === '' ? undefined : id)),
      annotation('objectset.rio.cattle.io/owner-name'),
      label('objectset.rio.cattle.io/hash', () => 'a bundle'),
      written(/^fleet/i),
    ],
  },
  {
    tool: 'Open Cluster Management',
    signs: [
      annotation('apps.open-cluster-management.io/hosting-subscription'),
      annotation('app.open-cluster-management.io/hosting-subscription'),
      label('policy.open-cluster-management.io/policy'),
      written(/^(?:config-policy-controller|multicluster-operators|work-agent|klusterlet)/i),
    ],
  },
  {
    tool: 'Sveltos',
    signs: [annotation('projectsveltos.io/owner-name'), label('projectsveltos.io/reference-name')],
  },
  { tool: 'Crossplane', signs: [label('crossplane.io/composite'), written(/crossplane/i)] },
  { tool: 'Kyverno', signs: [label('generate.kyverno.io/policy-name'), written(/^kyverno/i)] },
  {
    tool: 'a replicating controller',
    signs: [
      annotation('reflector.v1.k8s.emberstack.com/reflects'),
      annotation('replicator.v1.mittwald.de/replicated-from-version'),
      label('olm.managed', (value) => (value === 'true' ? 'OLM' : undefined)),
    ],
  },
  { tool: 'kubectl ApplySet', signs: [label('applyset.kubernetes.io/part-of')] },
  {
    tool: 'Helm',
    signs: [
      annotation('meta.helm.sh/release-name'),
      ({ labels }) =>
        labels[MANAGED_BY] === 'Helm' ? (labels[INSTANCE] ?? 'an unnamed release') : undefined,
      written(/^helm$/i),
    ],
  },
  { tool: 'Terraform', signs: [written(/terraform/i)] },
  { tool: 'Pulumi', signs: [written(/^pulumi/i)] },
  { tool: 'Ansible', signs: [written(/ansible/i)] },
];

function label(key: string, name: (value: string) => string | undefined = whole): Sign {
  return ({ labels }) => (labels[key] ? name(labels[key]) : undefined);
}

function annotation(key: string, name: (value: string) => string | undefined = whole): Sign {
  return ({ annotations }) => (annotations[key] ? name(annotations[key]) : undefined);
}

function whole(value: string): string {
  return value;
}

/** A field manager of this name wrote it; the instance label names its object, where there is one. */
function written(manager: RegExp): Sign {
  return ({ managers, labels }) => {
    const found = managers.find((one) => manager.test(one.manager));
    return found === undefined ? undefined : (labels[INSTANCE] ?? `field manager ${found.manager}`);
  };
}

function managedBy({ labels }: OwnershipMarks): LookupOwner | undefined {
  const tool = labels[MANAGED_BY];
  return tool ? { tool, name: labels[INSTANCE] ?? `label ${MANAGED_BY}` } : undefined;
}

function controller({ ownerReferences }: OwnershipMarks): LookupOwner | undefined {
  const [owner] = ownerReferences;
  return owner === undefined ? undefined : { tool: owner.kind, name: owner.name };
}

/** A tool that applies data by server-side apply will apply it again; people use kubectl for that, and once. */
function applied({ managers }: OwnershipMarks): LookupOwner | undefined {
  const found = managers.find(
    ({ manager, operation, ofData }) =>
      operation === 'Apply' &&
      ofData &&
      manager !== FIELD_MANAGER &&
      !/^(?:kubectl|before-first-apply)/.test(manager),
  );
  return found === undefined ? undefined : { tool: found.manager, name: 'server-side apply' };
}

/** Argo CD's default mark before 3.0; no other tool is known to set it alone. */
function instanceAlone({ labels }: OwnershipMarks): LookupOwner | undefined {
  const name = labels[INSTANCE];
  return name ? { tool: 'Argo CD', name } : undefined;
}

// Counts a pool's nodes against an image. What can't be read is a problem, never a guess. Called by the use case readProofs.
import { type NodeImageVersion, parseNodeImageVersion } from '../image/nodeImageVersion.ts';
import type { NodeCounts } from '../ledger/entryParts.ts';
import type { KubernetesNode } from './kubernetesObjects.ts';
import type { NodeInstance } from './nodeInstance.ts';
import { isInstanceOn, isNodeOn, membersOf, type PoolSize } from './poolMembers.ts';

type Counted = {
  readonly proof: 'nodes' | 'instances';
  readonly nodes: NodeCounts;
  /** `notReady`: all are on the image, but Kubernetes does not call all of them Ready. */
  readonly standing: 'whole' | 'behind' | 'notReady';
};

export type CountResult = Counted | { readonly problem: string };

export function countNodes(pool: PoolSize, found: readonly KubernetesNode[], image: string): CountResult {
  const members = membersOf(pool, found, isNodeOn);
  if ('problem' in members) return members;
  const nodes = members.value;
  const wanted = parseNodeImageVersion(image);
  const versions = nodes.flatMap(({ nodeImageVersion = '' }) => parseNodeImageVersion(nodeImageVersion) ?? []);
  const problem = problemOf(pool, nodes.length, versions.length);
  if (!wanted || problem) return { problem: problem ?? `the pool's image ${image} can't be compared` };
  const upToDate = versions.filter((version) => runs(version, wanted)).length;
  const ready = nodes.filter(({ isReady }) => isReady).length;
  const quarantined = nodes.filter(({ isQuarantined }) => isQuarantined).length;
  const patches = versions.flatMap(({ securityPatch }) => securityPatch ?? []).sort();
  const [oldest] = patches;
  return {
    proof: 'nodes',
    nodes: {
      total: nodes.length,
      upToDate,
      ready,
      cordoned: nodes.filter(({ isCordoned }) => isCordoned).length,
      ...(quarantined > 0 && { quarantined }),
      ...(oldest !== undefined && patches.length === nodes.length && { securityPatch: oldest }),
    },
    standing: upToDate < nodes.length ? 'behind' : ready < nodes.length ? 'notReady' : 'whole',
  };
}

export function countInstances(pool: PoolSize, instances: readonly NodeInstance[], image: string): CountResult {
  const sharing = sharingOf(instances);
  if (sharing) return { problem: sharing };
  const left = instances.filter(({ provisioningState }) => provisioningState.toLowerCase() !== 'deleting');
  const members = membersOf(pool, left, isInstanceOn);
  if ('problem' in members) return members;
  const standing = members.value;
  const wanted = parseNodeImageVersion(image);
  const verdicts = wanted ? standing.flatMap((instance) => runsImage(instance.image ?? '', wanted) ?? []) : [];
  const problem = wanted
    ? problemOf(pool, standing.length, verdicts.length)
    : `the pool's image ${image} can't be compared`;
  if (problem) return { problem };
  const upToDate = verdicts.filter(Boolean).length;
  return {
    proof: 'instances',
    nodes: { total: standing.length, upToDate },
    standing: upToDate < standing.length ? 'behind' : 'whole',
  };
}

/** AKS gives a pool one scale set. Another of its name is of a cluster that shares the node resource group, and no tag says whose. */
function sharingOf(instances: readonly NodeInstance[]): string | undefined {
  const scaleSets = new Set(instances.flatMap(({ scaleSet }) => scaleSet?.toLowerCase() ?? []));
  return scaleSets.size > 1
    ? `clusters share its node resource group, where ${scaleSets.size} scale sets are of pools of its name, so nobody can tell which instances are its nodes`
    : undefined;
}

function problemOf({ count }: PoolSize, found: number, readable: number): string | undefined {
  if (found === 0 && count !== 0) return `none of its ${count === undefined ? '' : `${count} `}nodes were found`;
  return readable < found ? `${found - readable} of ${found} nodes do not show which image they run` : undefined;
}

/** A later security patch of the release is the release too; an earlier one is not. */
function runs(version: NodeImageVersion, wanted: NodeImageVersion): boolean {
  const isSame = version.family.toLowerCase() === wanted.family.toLowerCase() && version.release === wanted.release;
  return isSame && (wanted.securityPatch === undefined || (version.securityPatch ?? '') >= wanted.securityPatch);
}

const galleryImage = /\/galleries\/[^/]+\/images\/(?<definition>[^/]+)\/versions\/(?<version>[^/]+)$/i;

/** Undefined where names can't be compared: pools say `2022-containerd` for `windows-2022-containerd`. */
function runsImage(id: string, wanted: NodeImageVersion): boolean | undefined {
  const { definition = '', version } = galleryImage.exec(id)?.groups ?? {};
  if (version === undefined) return undefined;
  if (version !== wanted.release) return false;
  return definition.toLowerCase().endsWith(wanted.definition.toLowerCase()) ? true : undefined;
}

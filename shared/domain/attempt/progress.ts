// How far an attempt's roll has come, by what its nodes show. Noted by followAttempts in the attempt's row, shown by the API.
import type { Temporal } from 'temporal-polyfill';
import { type CountResult, countInstances, countNodes } from '../nodes/countNodes.ts';
import type { KubernetesNode } from '../nodes/kubernetesObjects.ts';
import type { NodeInstance } from '../nodes/nodeInstance.ts';
import { isInstanceOn } from '../nodes/poolMembers.ts';
import type { Attempt, Progress } from './attempt.ts';

/** Nodes that come or go show no image for a while: they are not done. */
export function progressOfNodes(found: readonly KubernetesNode[], to: string, at: Temporal.Instant): Progress {
  const nodes = found.filter(({ isShutDown }) => !isShutDown);
  const readable = nodes.filter(({ nodeImageVersion }) => nodeImageVersion !== undefined);
  const result = countNodes({ count: 0 }, readable, to);
  const count = (of: (node: KubernetesNode) => boolean) => nodes.filter(of).length;
  const quarantined = count(({ isQuarantined }) => isQuarantined);
  return {
    ...counted(result, nodes.length, at),
    cordoned: count(({ isCordoned }) => isCordoned),
    ...(quarantined > 0 && { quarantined }),
    notReady: count(({ isReady }) => !isReady),
  };
}

export function progressOfInstances(found: readonly NodeInstance[], to: string, at: Temporal.Instant): Progress {
  const instances = found.filter((instance) => isInstanceOn(instance) !== false);
  const readable = instances.filter(({ image }) => image !== undefined);
  const result = countInstances({ count: 0 }, readable, to);
  return counted(result, instances.length, at);
}

function counted(result: CountResult, total: number, at: Temporal.Instant): Progress {
  const done = 'problem' in result ? undefined : result.nodes.upToDate;
  return { at, total, done };
}

/** When the roll is expected to end: by its estimate until the first node is done, then by the pace so far. */
export function expectedEnd({ acceptedAt, intendedAt, estimateMinutes, progress }: Attempt): Temporal.Instant {
  const start = acceptedAt ?? intendedAt;
  const { done = 0, total = 0 } = progress ?? {};
  const isUnderWay = progress && done > 0 && done < total;
  if (!isUnderWay) return start.add({ minutes: estimateMinutes });
  const elapsed = start.until(progress.at).total('milliseconds');
  const whole = Math.max(0, Math.round((elapsed * total) / done));
  return start.add({ milliseconds: whole });
}

export function isProgressDue({ state, acceptedAt, intendedAt, progress }: Attempt, now: Temporal.Instant): boolean {
  // Its starter may be about to note ARM's answer in the row.
  if (state === 'intended') return false;
  if (!progress) return true;
  const elapsed = (acceptedAt ?? intendedAt).until(now).total('seconds');
  return progress.at.until(now).total('seconds') >= Math.max(30, elapsed / 20);
}

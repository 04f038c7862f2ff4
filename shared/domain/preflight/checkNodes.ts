// The checks on nodes, and on pods that wait for one. Listed in checks.ts; they need the Kubernetes API.
import { keepsMachines } from '../nodes/poolMembers.ts';
import { named } from '../text/messageOf.ts';
import { type Check, counted, failed, nodesOf, passed, unreadKubernetes } from './finding.ts';

export const nodesReady: Check = ({ pool, reads: { kubernetes } }) => {
  const read = nodesOf(kubernetes, pool);
  if ('problem' in read) return unreadKubernetes('nodesReady', read.problem);
  // A pool that keeps deallocated machines may show them as nodes: no roll waits for them.
  const nodes = read.value.filter(({ isShutDown }) => !(isShutDown && keepsMachines(pool)));
  const odd = nodes.flatMap(({ name, isReady, isCordoned, isQuarantined }) => {
    const what = [!isReady && 'not Ready', isQuarantined ? 'put aside by AKS' : isCordoned && 'cordoned'];
    const said = what.filter(Boolean).join(' and ');
    return said === '' ? [] : [`${name} (${said})`];
  });
  if (odd.length === 0) return passed(`All ${nodes.length} nodes are Ready, and none is cordoned.`);
  const sentence = `${counted(odd.length, 'node')} of ${nodes.length}: ${named(odd)}. Repair or uncordon them first: their pods have fewer places to go.`;
  return failed(sentence, { nodes: odd });
};

export const pendingPods: Check = ({ reads: { kubernetes } }) => {
  const read = kubernetes?.pods ?? { problem: undefined };
  if ('problem' in read) return unreadKubernetes('pendingPods', read.problem);
  const waiting = (read.value ?? [])
    .filter(({ phase, node }) => phase === 'Pending' && node === undefined)
    .map(({ namespace, name }) => `${namespace}/${name}`);
  if (waiting.length === 0) return passed('No pod of the cluster waits for a node.');
  const sentence = `${counted(waiting.length, 'pod')} of the cluster without a node: ${named(waiting)}. Evicted pods may find none either: see what they wait for.`;
  return failed(sentence, { pods: waiting });
};

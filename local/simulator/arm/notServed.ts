// Requests that ARM takes and the simulator does not: the answer names the fault that does the same. Called by router.ts.
import { isObject } from '../../../shared/domain/text/anyValue.ts';
import { jsonIn } from '../../../shared/domain/text/jsonIn.ts';
import { isNamed } from '../faults/armedFaults.ts';
import type { FaultOf } from '../faults/fault.ts';
import { findPool, type World } from '../world/world.ts';
import { type Answer, armError } from './armAnswer.ts';

type Does = FaultOf<'person'>['does'];

const clusterPath =
  /\/managedClusters\/(?<cluster>[^/]+)(?:\/(?<action>stop|start)|\/agentPools\/(?<pool>[^/]+))?\/?$/i;

/** ARM answers 404 for types that it does not know; whether it knows this one, the simulator can't tell. */
export function notServed(world: World, method: string, pathname: string, body: string): Answer {
  const groups = clusterPath.exec(pathname)?.groups;
  const instead = groups
    ? insteadOf(world, method, groups, body)
    : 'docs/fleet.schema.json lists what can happen in it.';
  const message = `The AKS simulator does not serve ${method} ${pathname}. ${instead}`;
  return method === 'GET' ? armError(404, 'InvalidResourceType', message) : armError(501, 'NotSimulated', message);
}

function insteadOf(
  world: World,
  method: string,
  { cluster = '', action, pool }: Readonly<Record<string, string | undefined>>,
  body: string,
): string {
  const does =
    method === 'POST' ? (action?.toLowerCase() as Does | undefined) : doesOf(world, method, cluster, pool, body);
  const of = `cluster=${cluster}${pool === undefined ? '' : ` nodePool=${pool}`}`;
  const command = (what: string) =>
    `npm run simulator -- fault person does=${what} ${of} --to <the URL that it printed>`;
  if (does === undefined) {
    return `Change it in the fleet file and start again. What people can do meanwhile: ${command('upgrade|rollBack|stop|start|delete|recreate')}.`;
  }
  const again = does === 'recreate' ? ', which makes what the fleet file describes, and nothing else' : '';
  return `To let it happen${again}: ${command(does)}.`;
}

/** `az aks nodepool` stops and starts a pool by a PUT of it; a PUT of what is not there makes it. */
function doesOf(world: World, method: string, clusterName: string, poolName: string | undefined, body: string) {
  if (method === 'DELETE') return 'delete';
  if (method !== 'PUT') return undefined;
  const cluster = world.clusters.find(({ resource }) => isNamed(clusterName, resource.id));
  const pool = cluster && poolName !== undefined ? findPool(cluster, poolName) : undefined;
  if (!(poolName === undefined ? cluster : pool)) return 'recreate';
  const wanted = powerCodeIn(jsonIn(body));
  const isStopped = pool?.profile.powerState?.code === 'Stopped';
  if (pool === undefined || (wanted !== 'Stopped' && !isStopped)) return undefined;
  return wanted === 'Stopped' ? 'stop' : 'start';
}

function powerCodeIn(pool: unknown): unknown {
  const properties = isObject(pool) ? pool['properties'] : undefined;
  const powerState = isObject(properties) ? properties['powerState'] : undefined;
  return isObject(powerState) ? powerState['code'] : undefined;
}

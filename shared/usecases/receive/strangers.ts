// Which clusters events name that the ledger doesn't know: new ones, or made up. Called by markClusters.
import type { Temporal } from 'temporal-polyfill';
import { type ClusterKey, clusterKey } from '../../domain/cluster/clusterId.ts';
import { named } from '../../domain/text/messageOf.ts';
import { type Tables, UnreadableRow } from '../../ports/tables.ts';
import { deleteEvidenceBefore } from '../../stores/evidenceStore.ts';
import { readChain } from '../../stores/ledgerStore.ts';
import { admitStrangers, deleteAbsent, maxStrangers } from '../../stores/marksStore.ts';
import { readPoolViews } from '../../stores/views/decisionsStore.ts';
import { contained } from '../contained.ts';
import type { Dependencies } from '../dependencies.ts';
import { inParallel } from '../inParallel.ts';

const width = 16;
const maxRemembered = 10_000;
const lastWarnings = new WeakMap<Tables, Temporal.Instant>();
const ledgerHas = new WeakMap<Tables, Set<ClusterKey>>();

/** `admitted`: those that may be asked about. @param each what is done for a key, where storage may not take it */
export async function findStrangers(
  dependencies: Dependencies,
  subscription: string,
  keys: readonly ClusterKey[],
  each: (key: ClusterKey, work: () => Promise<void>) => Promise<void>,
) {
  const { tables } = dependencies;
  const unknown = new Set<ClusterKey>();
  const isListed = await listKnown(tables, subscription, keys);
  await inParallel(keys, width, (key) =>
    each(key, async () => {
      if (isListed ? !isListed(key) : !(await isInLedger(tables, key))) unknown.add(key);
    }),
  );
  return { unknown, admitted: await admit(dependencies, subscription, [...unknown]) };
}

function rememberedOf(tables: Tables): Set<ClusterKey> {
  const remembered = ledgerHas.get(tables) ?? new Set();
  ledgerHas.set(tables, remembered);
  if (remembered.size >= maxRemembered) remembered.clear();
  return remembered;
}

/** Where many are new, one list tells of them all: those that passes know. A cluster that none has seen yet is a stranger. */
async function listKnown(tables: Tables, subscription: string, keys: readonly ClusterKey[]) {
  const remembered = rememberedOf(tables);
  if (keys.filter((key) => !remembered.has(key)).length <= width) return undefined;
  const known = new Set((await readPoolViews(tables, subscription)).map(({ cluster }) => clusterKey(cluster.id)));
  return (key: ClusterKey) => remembered.has(key) || known.has(key);
}

/** Once in the ledger a cluster stays there, so that is remembered. */
async function isInLedger(tables: Tables, key: ClusterKey): Promise<boolean> {
  const remembered = rememberedOf(tables);
  if (remembered.has(key)) return true;
  try {
    if (!(await readChain(tables, key))) return false;
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error;
  }
  remembered.add(key);
  return true;
}

/** A flood of names is said once a minute, not with each of them. */
function isTimeToWarn(tables: Tables, now: Temporal.Instant): boolean {
  const last = lastWarnings.get(tables);
  if (last && Math.abs(last.until(now).total('seconds')) < 60) return false;
  lastWarnings.set(tables, now);
  return true;
}

async function admit(dependencies: Dependencies, subscription: string, strangers: readonly ClusterKey[]) {
  if (strangers.length === 0) return new Set<ClusterKey>();
  const { clock, tables, log } = dependencies;
  const now = clock.now();
  const { admitted, refused, isNewTime } = await admitStrangers(tables, subscription, strangers, now);
  if (refused > 0 && isTimeToWarn(tables, now)) {
    const left = strangers.filter((key) => !admitted.has(key));
    log.warn(
      `Events named ${refused} more clusters of subscription ${subscription} that the ledger doesn't know, beyond ${maxStrangers} in ten minutes; the next pass sees those that exist: ${named(left, 3)}.`,
    );
  }
  if (isNewTime) {
    await contained(dependencies, `Marks of clusters that ARM doesn't know stay`, async () => {
      for (const key of await deleteAbsent(tables, subscription, now)) {
        if (!(await isInLedger(tables, key))) await deleteEvidenceBefore(tables, key, now.add({ hours: 1 }));
      }
    });
  }
  return admitted;
}

// When each subscription was last planned, and what kept it from being listed. Written by every pass, so that a silent
// planner can be told from a fleet in which nothing changes.
import type { Tables } from '../ports.ts';

export type Pass = {
  readonly subscription: string;
  /** ISO. */
  readonly at: string;
  readonly clusters: number;
  /** When the last list that ARM answered was asked for; ISO. */
  readonly listedAt?: string | undefined;
  /** Why the subscription could not be listed. */
  readonly problem?: string | undefined;
};

const partition = 'passes';

export async function writePass(tables: Tables, pass: Pass): Promise<void> {
  await tables.write('Facts', partition, [{ kind: 'upsert', rowKey: pass.subscription, value: pass }]);
}

/** The last pass of a subscription; undefined: it was never planned. */
export async function readPass(tables: Tables, subscription: string): Promise<Pass | undefined> {
  return (await tables.get('Facts', partition, subscription))?.value as Pass | undefined;
}

/** The last pass of each subscription that was ever planned. */
export async function readPasses(tables: Tables): Promise<readonly Pass[]> {
  const passes: Pass[] = [];
  for await (const { value } of tables.query('Facts', partition)) passes.push(value as Pass);
  return passes;
}

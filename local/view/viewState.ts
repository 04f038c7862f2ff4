// What the terminal view shows, as data. Made by openView.ts, drawn by renderView.ts.
import { z } from 'zod';

const PoolRow = z.looseObject({
  cluster: z.string(),
  nodePool: z.string(),
  current: z.string().optional(),
  latest: z.string().optional(),
  provisioningState: z.string(),
  powerState: z.string().optional(),
  upgrade: z
    .looseObject({
      expectedEnd: z.string(),
      nodes: z
        .looseObject({
          cordoned: z.number().optional(),
          quarantined: z.number().optional(),
          notReady: z.number().optional(),
          pendingPods: z.number().optional(),
        })
        .optional(),
    })
    .optional(),
  decision: z.looseObject({ verdict: z.string(), reason: z.string(), nextEligibleAt: z.string().optional() }),
});

export type ShownPool = z.output<typeof PoolRow>;

export const PoolList = z.looseObject({ value: z.array(PoolRow) });

export type ShownRoll = {
  readonly cluster: string;
  readonly nodePool: string;
  readonly nodesDone: number;
  readonly nodes: number;
};

export type ShownLine = { readonly at: Date; readonly text: string; readonly isProblem: boolean };

export type Link = { readonly label: string; readonly target: string };

export type ViewState = {
  readonly now: Date;
  readonly pools: readonly ShownPool[] | undefined;
  readonly rolls: readonly ShownRoll[];
  readonly lines: readonly ShownLine[];
  readonly links: readonly Link[];
};

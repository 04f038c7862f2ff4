// The queries of lists. Called by their triggers.
import { z } from 'zod';
import { ClusterFilter, Cursor, instant, Limit, Name } from './values.ts';

export const PageQuery = z.strictObject({ limit: Limit.default(100), cursor: Cursor.optional() });

/** Filters of the lists of pools. */
export const PoolQuery = z.strictObject({ cluster: ClusterFilter.optional(), nodePool: Name.optional() });

/** `at`: now or later; without it the plan is what the last pass decided. */
export const PlanQuery = PoolQuery.extend({ at: instant('the moment to plan for').optional() });

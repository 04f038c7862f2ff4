// An Event Grid event of the simulator, in Azure's own shape, and its name in words.
import { poolLabel } from '../../../shared/domain/cluster/clusterId.ts';

/** Of a cluster when a pool rolls, or of a subscription: who did what, and what AKS has scheduled. */
export type SimulatorEvent = {
  readonly id: string;
  readonly topic: string;
  /** A cluster's name, or of a subscription's events an ARM id. */
  readonly subject: string;
  readonly eventType: string;
  /** UTC with seven fractional digits. */
  readonly eventTime: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly dataVersion: string;
  readonly metadataVersion: '1';
};

export function describeEvent({ eventType, subject, data }: SimulatorEvent): string {
  const what = eventType.split('.').at(-1) ?? '';
  const { nodePoolName } = data;
  return `${what} for ${typeof nodePoolName === 'string' ? poolLabel(subject, nodePoolName) : subject.split('/').slice(8).join('/')}`;
}

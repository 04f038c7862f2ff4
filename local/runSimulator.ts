// Lets the simulated AKS run in real time: hands over its events, and tells what faults do and how the nodes get on.
import { poolLabel } from '../shared/domain/cluster/clusterId.ts';
import { describeEvent, type SimulatorEvent } from './simulator/events/simulatorEvent.ts';
import type { Simulator } from './simulator/simulator.ts';

const tickMilliseconds = 500;

export function runSimulator(
  simulator: Simulator,
  deliver: (event: SimulatorEvent) => void,
  say: (line: string) => void,
) {
  const shown = new Map<string, number>();

  function tick(): void {
    for (const note of simulator.notes()) say(`Simulator: ${note}`);
    for (const event of simulator.advance()) {
      say(`AKS event: ${describeEvent(event)}.`);
      deliver(event);
    }
    for (const { cluster, nodePool, nodesDone, nodes } of simulator.progress()) {
      const what = poolLabel(cluster, nodePool);
      if (shown.get(what) === nodesDone) continue;
      shown.set(what, nodesDone);
      say(`AKS: ${what} has ${nodesDone} of ${nodes} nodes on the new image.`);
    }
  }

  const timer = setInterval(tick, tickMilliseconds);
  return { stop: () => clearInterval(timer) };
}

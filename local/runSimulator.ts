// Lets the simulated AKS run in real time: delivers its events to the host's Event Grid webhook, as Event Grid does, and
// tells how the nodes get on. Called by main.
import type { FunctionsHost } from './functionsHost/startFunctionsHost.ts';
import type { SimulatorEvent } from './simulator/rollingEvent.ts';
import type { Simulator } from './simulator/simulator.ts';

const tickMilliseconds = 500;

export function runSimulator(
  simulator: Simulator,
  host: FunctionsHost,
  say: (line: string) => void,
): { stop: () => void } {
  const webhook = `${host.url}/runtime/webhooks/eventgrid?functionName=onClusterEvent&code=${host.keys.eventGrid}`;
  const shown = new Map<string, number>();

  async function deliver(event: SimulatorEvent): Promise<void> {
    const response = await fetch(webhook, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'aeg-event-type': 'Notification' },
      body: JSON.stringify([event]),
    });
    if (!response.ok) say(`Event Grid: the app answered ${response.status} to ${event.eventType}.`);
  }

  function tick(): void {
    for (const event of simulator.advance()) {
      say(`AKS event: ${event.eventType.split('.').at(-1)} for ${event.subject}/${event.data.nodePoolName}.`);
      // An event that is lost here is seen by the next pass, as on Azure.
      void deliver(event).catch((error: Error) => say(`Event Grid: not delivered: ${error.message}`));
    }
    for (const { cluster, nodePool, nodesDone, nodes } of simulator.progress()) {
      const what = `${cluster.slice(cluster.lastIndexOf('/') + 1)}/${nodePool}`;
      if (shown.get(what) === nodesDone) continue;
      shown.set(what, nodesDone);
      say(`AKS: ${what} has ${nodesDone} of ${nodes} nodes on the new image.`);
    }
  }

  const timer = setInterval(tick, tickMilliseconds);
  return { stop: () => clearInterval(timer) };
}

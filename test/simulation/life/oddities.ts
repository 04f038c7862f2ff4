// Somebody gives a cluster what no keeper expects of one, and takes it away again. Called by life.ts; what only answers show is in
// world/aks/oddAnswers.ts.
import { writeCluster } from '../../../local/simulator/world/changeWorld.ts';
import type { Lived } from './befall.ts';
import { onCluster, setWindow, windowName } from './changes.ts';

const minute = 60_000;

export function makeOdd(lived: Lived): void {
  const { schedule, simulator, motion, notes, timers, fleet, options, windows } = lived;
  for (const { oddity, cluster, from, to } of options.harm.oddnesses) {
    const id = fleet.clusters[cluster % fleet.clusters.length]?.id ?? '';
    const act = (isOn: boolean) => {
      const at = schedule.now();
      notes.say(`people: oddAnswers ${oddity} of ${id.slice(id.lastIndexOf('/') + 1)} ${isOn ? 'begin' : 'end'}`);
      if (oddity === 'longTags') motion.move('manual', () => tag(id, isOn)(simulator));
      if (oddity === 'manyDates' && isOn) motion.move('manual', () => manyDates(id, at)(simulator));
      windows.again(at, options.endAt);
      timers.wake(at, at + 12 * minute);
    };
    schedule.at(from, () => act(true));
    schedule.at(to, () => act(false));
  }
}

function tag(id: string, isOn: boolean) {
  return onCluster(id, (world, found) => {
    const { long: _long, ...tags } = found.resource.tags ?? {};
    found.resource = { ...found.resource, tags: isOn ? { ...tags, long: 'x'.repeat(40_000) } : tags };
    writeCluster(world, found, {});
  });
}

/** All of the past, so that they forbid nothing. */
function manyDates(id: string, now: number) {
  return onCluster(id, (_world, found) => {
    const window = found.maintenanceConfigurations.find(({ name }) => name === windowName)?.properties
      .maintenanceWindow;
    if (!window || typeof window !== 'object') return;
    const notAllowedDates = Array.from({ length: 800 }, (_, index) => {
      const day = new Date(now - (index * 2 + 400) * 86_400_000).toISOString().slice(0, 10);
      return { start: day, end: day };
    });
    setWindow(found, { ...window, notAllowedDates });
  });
}

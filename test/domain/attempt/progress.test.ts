import { describe, expect, it } from 'vitest';
import {
  expectedEnd,
  isProgressDue,
  progressOfInstances,
  progressOfNodes,
} from '../../../shared/domain/attempt/progress.ts';
import type { KubernetesNode } from '../../../shared/domain/nodes/kubernetesObjects.ts';
import { after, anAttempt, images, now } from '../../builders.ts';

const node = (nodeImageVersion: string | undefined, fields: Partial<KubernetesNode> = {}): KubernetesNode => ({
  name: 'n',
  nodeImageVersion,
  isReady: true,
  isCordoned: false,
  isQuarantined: false,
  ...fields,
});

describe('how far a roll has come', () => {
  it('by its nodes: done, cordoned, put aside, not ready; one that comes shows no image yet', () => {
    const nodes = [
      node(images.new),
      node(images.old, { isCordoned: true, isReady: false }),
      node(images.old, { isCordoned: true, isQuarantined: true }),
      node(undefined, { isReady: false }),
    ];
    const counts = { total: 4, done: 1, cordoned: 2, quarantined: 1, notReady: 2 };
    expect(progressOfNodes(nodes, images.new, now)).toEqual({ at: now.toString(), ...counts });
    expect(progressOfNodes([node(images.new)], images.new, now)).not.toHaveProperty('quarantined');
  });

  it('by its instances', () => {
    const instance = (release: string) => ({
      scaleSet: 's',
      instanceId: '0',
      provisioningState: 'Succeeded',
      image: `/x/galleries/AKSUbuntu/images/2204gen2containerd/versions/${release}`,
    });
    const instances = [instance('202601.07.0'), instance('202512.18.0'), { ...instance(''), image: undefined }];
    expect(progressOfInstances(instances, images.new, now)).toEqual({ at: now.toString(), total: 3, done: 1 });
  });

  it('nothing found is nothing done', () => {
    expect(progressOfNodes([], images.new, now)).toMatchObject({ total: 0, done: 0 });
  });

  it('what can’t be compared is not known to be done or not', () => {
    expect(progressOfNodes([node(images.new)], 'custom', now).done).toBeUndefined();
    const custom = progressOfNodes([node('custom'), node(images.new)], images.new, now);
    expect(custom).toMatchObject({ total: 2 });
    expect(custom.done).toBeUndefined();
    const attempt = anAttempt({ progress: { at: after(11), total: 4 } });
    expect(expectedEnd(attempt)).toEqual(after(31));
  });
});

describe('when it ends', () => {
  // Accepted a minute after now, estimated to take half an hour.
  const progress = (minutes: number, done: number, total = 4) => ({
    progress: { at: after(1 + minutes), total, done },
  });

  it.each([
    ['by the estimate at first', anAttempt(), 31],
    ['by the estimate until a node is done', anAttempt(progress(10, 0)), 31],
    ['by the pace so far', anAttempt(progress(10, 1)), 41],
    ['faster than estimated', anAttempt(progress(10, 2)), 21],
    ['by the estimate when all are done', anAttempt(progress(10, 4)), 31],
    ['from the intent, when no answer came', { ...anAttempt({ state: 'unclear' }), acceptedAt: undefined }, 30],
  ])('%s', (_what, attempt, minutes) => {
    expect(expectedEnd(attempt)).toEqual(after(minutes));
  });
});

describe('when nodes are counted again', () => {
  const counted = (secondsAgo: number, acceptedMinutesAgo = 5) =>
    anAttempt({
      acceptedAt: now.subtract({ minutes: acceptedMinutesAgo }),
      progress: { at: now.subtract({ seconds: secondsAgo }), total: 3, done: 1 },
    });

  it.each([
    ['while its starter may write the row', anAttempt({ state: 'intended' }), false],
    ['at first', anAttempt(), true],
    ['unclear ones too', anAttempt({ state: 'unclear' }), true],
    ['just now', counted(29), false],
    ['half a minute ago', counted(30), true],
    ['after ten hours: every half hour', counted(29 * 60, 600), false],
    ['after ten hours, half an hour ago', counted(30 * 60, 600), true],
  ])('%s', (_what, attempt, due) => expect(isProgressDue(attempt, now)).toBe(due));
});

// The code under test: its use cases and the adapters that they work over. Used by dependencies.ts; besideOld.ts loads the
// same of another checkout.
import { createArm } from '../../../../shared/adapters/arm/arm.ts';
import { createCapacity } from '../../../../shared/adapters/arm/capacity.ts';
import { readEvent } from '../../../../shared/adapters/eventGrid/eventGrid.ts';
import { createKubernetes } from '../../../../shared/adapters/kubernetes/kubernetes.ts';
import { followUpgrades } from '../../../../shared/usecases/follow/followUpgrades.ts';
import { ObserveMessage, ProjectMessage, StartMessage } from '../../../../shared/usecases/messages.ts';
import { observeCluster } from '../../../../shared/usecases/observe/observeCluster.ts';
import { followLedger } from '../../../../shared/usecases/observe/projectCluster.ts';
import { receiveEvent } from '../../../../shared/usecases/observe/receiveEvent.ts';
import { planUpgrades } from '../../../../shared/usecases/plan/planUpgrades.ts';
import { checkWeekly } from '../../../../shared/usecases/report/checkWeekly.ts';
import { startUpgrade } from '../../../../shared/usecases/start/startUpgrade.ts';

export const codeOfNow = {
  createArm,
  createCapacity,
  createKubernetes,
  readEvent,
  receiveEvent,
  ObserveMessage,
  ProjectMessage,
  StartMessage,
  observeCluster,
  followLedger,
  planUpgrades,
  startUpgrade,
  followUpgrades,
  checkWeekly,
};

export type Code = typeof codeOfNow;

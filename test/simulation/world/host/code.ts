// The code under test: its use cases and the adapters that they work over. Used by dependencies.ts; besideOld.ts loads the
// same of another checkout.
import { createArm } from '../../../../shared/adapters/arm/arm.ts';
import { createCapacity } from '../../../../shared/adapters/arm/capacity.ts';
import { readEvent } from '../../../../shared/adapters/eventGrid/eventGrid.ts';
import { createKubernetes } from '../../../../shared/adapters/kubernetes/kubernetes.ts';
import { followAttempts } from '../../../../shared/usecases/follow/followAttempts.ts';
import { ObserveMessage, ProjectMessage, StartMessage } from '../../../../shared/usecases/messages.ts';
import { confirmEvidence } from '../../../../shared/usecases/observe/confirmEvidence.ts';
import { followLedger } from '../../../../shared/usecases/observe/projectLedger.ts';
import { receiveEvent } from '../../../../shared/usecases/observe/receiveEvent.ts';
import { recordObservation } from '../../../../shared/usecases/observe/recordObservation.ts';
import { runPass } from '../../../../shared/usecases/plan/runPass.ts';
import { checkWeekly } from '../../../../shared/usecases/report/checkWeekly.ts';
import { startAttempt } from '../../../../shared/usecases/start/startAttempt.ts';

export const codeOfNow = {
  createArm,
  createCapacity,
  createKubernetes,
  readEvent,
  receiveEvent,
  ObserveMessage,
  ProjectMessage,
  StartMessage,
  recordObservation,
  followLedger,
  runPass,
  startAttempt,
  followAttempts,
  confirmEvidence,
  checkWeekly,
};

export type Code = typeof codeOfNow;

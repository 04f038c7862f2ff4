// All gates by their reason (DESIGN section 4). Evaluated by plan in the order of gateOrder: the first that refuses is the
// decision's reason, and all others that refuse stand beside it.
import { clusterStopped, poolStopped, unsupportedPool } from '../rings/excuses.ts';
import type { RefusalReason } from './decision.ts';
import type { Gate } from './gate.ts';
import { held } from './holdGates.ts';
import {
  autoUpgradeChannelActive,
  imageBlocked,
  imageRetired,
  imageTooYoung,
  imageUnknown,
  nodesBehind,
  rolledBack,
  upToDate,
} from './imageGates.ts';
import { approvalNeeded, concurrencyLimit, ringWaiting } from './ringGates.ts';
import {
  attemptInFlight,
  budget,
  clockSkew,
  clusterBusy,
  notSelected,
  observeOnly,
  poolBusy,
  poolFailed,
  preflightFailed,
  readFailed,
  retryLater,
} from './stateGates.ts';
import {
  alreadyStartedThisWindow,
  notAllowedDate,
  noWindow,
  outsideWindow,
  windowClosing,
  windowNotAnchored,
  windowUnreadable,
} from './windowGates.ts';

/** One gate for every reason; poolOrder is decided between the pools of a cluster, in plan. */
export const gates: Readonly<Record<Exclude<RefusalReason, 'poolOrder'>, Gate>> = {
  notSelected,
  readFailed,
  unsupportedPool,
  clusterStopped,
  poolStopped,
  attemptInFlight,
  clusterBusy,
  poolBusy,
  poolFailed,
  imageUnknown,
  nodesBehind,
  imageRetired,
  upToDate,
  held,
  imageBlocked,
  imageTooYoung,
  rolledBack,
  autoUpgradeChannelActive,
  ringWaiting,
  approvalNeeded,
  noWindow,
  windowUnreadable,
  windowNotAnchored,
  notAllowedDate,
  outsideWindow,
  windowClosing,
  alreadyStartedThisWindow,
  concurrencyLimit,
  budget,
  retryLater,
  preflightFailed,
  clockSkew,
  observeOnly,
};

// The class of an error of ARM's, by its codes (AKS-FACTS section 4) and its text. Called by explainFailure and starterVerdict.
import { type ArmFailure, type FailureClass, nodesBehindCode } from './failure.ts';
import { lookInside } from './lookInside.ts';

type Rule = readonly [failureClass: FailureClass, code: RegExp | undefined, text?: RegExp];

/** The first that fits: a failed drain says "Too Many Requests" too, and OperationNotAllowed can hide a quota or throttling. */
const rules: readonly Rule[] = [
  ['nodesBehind', new RegExp(`^${nodesBehindCode}$`, 'i')],
  [
    'podDrain',
    /^(?:poddrainfailure|unsatisfiablepdb)$/,
    /blocked by pdb|disruption budget|evicting pod|debugdrainfailures|\bdrain (?:of|node) /i,
  ],
  ['quota', /quota|countlimitreached$/, /exceeding (?:approved|quota)|insufficient \w{0,20} ?vcpu quota/i],
  [
    'subnetFull',
    /^(?:subnetisfull|insufficientsubnetsize)$/,
    /subnet [^ ]{1,400} (?:with address prefix [^ ]{1,80} )?(?:does not have enough|is full)|ips available in subnet/i,
  ],
  ['policyDenied', /^requestdisallowedbypolicy$/, /disallowed by policy/i],
  ['scopeLocked', /^scopelocked$/, /scope\(s\) are locked/i],
  [
    'skuNotAvailable',
    /^skunotavailable$/,
    /azureskunotavailable|vm size of [^ ]{1,80} is not allowed|size for resource .{1,400} not available/i,
  ],
  [
    'allocation',
    /^(?:zonal)?allocationfailed$|^overconstrained(?:zonal)?allocationrequest$|^akscapacityheavyusage$/,
    /\ballocation failed\b/i,
  ],
  [
    'imageRetired',
    /^(?:(?:platform|gallery)?imagenotfound|err_vhd_file_not_found)$/,
    /platform image .{1,200} is not available/i,
  ],
  ['imageTooOld', undefined, /configurationversion .{1,200} is not supported/i],
  ['nodesNotJoined', /vmextension(?:error|provisioning)/, /\bvmsscse\b/i],
  ['unsupportedPool', undefined, /on machines agent pool is not allowed|\bmanagedsystem\b/i],
  [
    'throttled',
    /^(?:throttled|toomanyrequests(?:received)?|subscriptionrequeststhrottled)$/,
    /request limit has been exceeded|too many requests have been received/i,
  ],
  [
    'preempted',
    /^(?:(?:aks)?operationpreempted|aksoperationpreemptedbydelete|operationcanceled)$/,
    /preempted by|canceled by a later operation/i,
  ],
  [
    'otherOperation',
    /^(?:operationnotallowed|etagmismatch)$/,
    /another (?:\w{1,20} )?operation|aks-pending-(?:operation|upgrade)/i,
  ],
];

export function classifyFailure(failure: ArmFailure): FailureClass {
  if (failure.status === 429) return 'throttled';
  const { codes, text } = lookInside(failure);
  const rule = rules.find(([, code, inText]) => codes.some((one) => code?.test(one)) || inText?.test(text));
  return rule?.[0] ?? (failure.status === 409 ? 'otherOperation' : 'unknown');
}

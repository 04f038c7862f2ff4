// The class of an error of ARM's, by its codes (AKS-FACTS section 4) and its text. Called by explainFailure and starterVerdict.
import { type ArmFailure, type FailureClass, nodesBehindCode } from './failure.ts';
import { lookInside } from './lookInside.ts';

type Rule = {
  readonly class: FailureClass;
  readonly codes?: readonly string[];
  readonly code?: RegExp;
  readonly text?: RegExp;
};

/** The first that fits: a failed drain says "Too Many Requests" too, and OperationNotAllowed can hide a quota or throttling. */
const rules: readonly Rule[] = [
  { class: 'nodesBehind', codes: [nodesBehindCode.toLowerCase()] },
  {
    class: 'podDrain',
    codes: ['poddrainfailure', 'unsatisfiablepdb'],
    text: /blocked by pdb|disruption budget|evicting pod|debugdrainfailures|\bdrain (?:of|node) /i,
  },
  {
    class: 'quota',
    code: /quota|countlimitreached$/,
    text: /exceeding (?:approved|quota)|insufficient \w{0,20} ?vcpu quota/i,
  },
  {
    class: 'subnetFull',
    codes: ['subnetisfull', 'insufficientsubnetsize'],
    text: /subnet [^ ]{1,400} (?:with address prefix [^ ]{1,80} )?(?:does not have enough|is full)|ips available in subnet/i,
  },
  { class: 'policyDenied', codes: ['requestdisallowedbypolicy'], text: /disallowed by policy/i },
  { class: 'scopeLocked', codes: ['scopelocked'], text: /scope\(s\) are locked/i },
  {
    class: 'skuNotAvailable',
    codes: ['skunotavailable'],
    text: /azureskunotavailable|vm size of [^ ]{1,80} is not allowed|size for resource .{1,400} not available/i,
  },
  {
    class: 'allocation',
    code: /^(?:zonal)?allocationfailed$|^overconstrained(?:zonal)?allocationrequest$|^akscapacityheavyusage$/,
    text: /\ballocation failed\b/i,
  },
  {
    class: 'imageRetired',
    codes: ['platformimagenotfound', 'galleryimagenotfound', 'imagenotfound', 'err_vhd_file_not_found'],
    text: /platform image .{1,200} is not available/i,
  },
  { class: 'unsupportedPool', text: /on machines agent pool is not allowed/i },
  {
    class: 'throttled',
    codes: ['throttled', 'toomanyrequests', 'toomanyrequestsreceived', 'subscriptionrequeststhrottled'],
    text: /request limit has been exceeded|too many requests have been received/i,
  },
  {
    class: 'preempted',
    codes: ['aksoperationpreempted', 'aksoperationpreemptedbydelete', 'operationpreempted', 'operationcanceled'],
    text: /preempted by|canceled by a later operation/i,
  },
  {
    class: 'otherOperation',
    codes: ['operationnotallowed', 'etagmismatch'],
    text: /another (?:\w{1,20} )?operation|aks-pending-(?:operation|upgrade)/i,
  },
];

export function classifyFailure(failure: ArmFailure): FailureClass {
  if (failure.status === 429) return 'throttled';
  const { codes, text } = lookInside(failure);
  const rule = rules.find(
    (one) => codes.some((code) => one.codes?.includes(code) || one.code?.test(code)) || one.text?.test(text),
  );
  if (rule) return rule.class;
  return failure.status === 409 ? 'otherOperation' : 'unknown';
}

// Errors as AKS and ARM word them, from Azure/AKS issues, Azure's troubleshooting pages and users' logs, with names changed.
// Used by the tests of failures.
import type { ArmFailure, FailureClass } from '../../../shared/domain/failure/failure.ts';

type RealFailure = readonly [what: string, failure: ArmFailure, expected: FailureClass, facts: readonly string[]];

const policyId = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Authorization/policyAssignments/deny-untagged';

const cse = (exit: string) =>
  `VM has reported a failure when processing extension 'vmssCSE'. Error message: "Enable failed: failed to execute command: command terminated with exit status=${exit}\n[stdout]\n\n[stderr]\n"`;

/** New nodes that never joined. */
const bootstrapFailures: readonly RealFailure[] = [
  [
    'new nodes whose kubelet did not start',
    { code: 'VMExtensionProvisioningError', message: cse('34') },
    'nodesNotJoined',
    ['pool apps', 'exit code 34', 'kubelet did not start', '/var/log/azure/cluster-provision.log'],
  ],
  [
    'new nodes without an outbound connection',
    { code: 'VMExtensionProvisioningError', message: cse('50') },
    'nodesNotJoined',
    ['exit code 50', 'no outbound connection', 'mcr.microsoft.com'],
  ],
  [
    'the same by the code alone',
    {
      code: 'OutboundConnFailVMExtensionError',
      message:
        'Unable to establish outbound connection from agents, please see https://aka.ms/aks-required-ports-and-addresses for more information.',
    },
    'nodesNotJoined',
    ['no outbound connection'],
  ],
  [
    'new nodes that do not reach the API server, inside Go and JSON',
    {
      code: 'ReconcileVMSSAgentPoolFailed',
      message: String.raw`Code="VMExtensionProvisioningError" Message="VM has reported a failure when processing extension 'vmssCSE'. Error message: \"Enable failed\n[stdout]\n{ \"ExitCode\": \"51\", \"Output\": \"Connection to mcr.microsoft.com 443 port succeeded\"`,
    },
    'nodesNotJoined',
    ['exit code 51', 'API server', 'authorized IP ranges'],
  ],
  [
    'the same by the code alone',
    { code: 'K8SAPIServerConnFailVMExtensionError', message: 'Unable to establish connection from agents.' },
    'nodesNotJoined',
    ['do not reach the API server'],
  ],
  [
    'the same in its newer wording',
    {
      code: 'VMExtensionProvisioningError',
      message:
        "CSE failed with 'VMExtensionError_K8SAPIServerConnFail'. Agents are unable to establish connection to Kubernetes API server.",
    },
    'nodesNotJoined',
    ['do not reach the API server'],
  ],
  [
    'new nodes that do not find the API server',
    { code: 'VMExtensionProvisioningError', message: cse('52') },
    'nodesNotJoined',
    ['exit code 52', 'private DNS zone', '168.63.129.16'],
  ],
  [
    'the same by the code alone',
    { code: 'K8SAPIServerDNSLookupFailVMExtensionError', message: '' },
    'nodesNotJoined',
    ["can't resolve the API server's name"],
  ],
  [
    'an exit code that has no advice',
    { code: 'VMExtensionProvisioningError', message: cse('211') },
    'nodesNotJoined',
    ['extension vmssCSE, exit code 211', 'outbound connections'],
  ],
  [
    'an extension that never ended',
    {
      code: 'VMExtensionProvisioningTimeout',
      message: "Provisioning of VM extension 'vmssCSE' has timed out. Extension installation may be taking too long.",
    },
    'nodesNotJoined',
    ['did not join the cluster'],
  ],
];

export const realFailures: readonly RealFailure[] = [
  [
    'an eviction that a budget refuses',
    {
      code: 'UpgradeFailed',
      message:
        "Drain node aks-agentpool-12345678-vmss000000 failed when evicting pod metrics-server-0c40b8d296-ej9un failed with Too Many Requests error. This is often caused by a restrictive Pod Disruption Budget (PDB) policy. See http://aka.ms/aks/debugdrainfailures. Original error: Cannot evict pod as it would violate the pod's disruption budget.. PDB debug info: kube-system/metrics-server-0c40b8d296-ej9un blocked by pdb metrics-server-pdb with 1 unready pods: [kube-system/metrics-server-0c40b8d296-ej9un].",
    },
    'podDrain',
    ['kube-system/metrics-server-pdb', 'aks-agentpool-12345678-vmss000000'],
  ],
  [
    'the older wording, with two budgets',
    {
      code: 'CreateVMSSAgentPoolFailed',
      message:
        'Drain of akswin1000002 did not complete:\n  Too many req pod app2-776dd6cf49-hqfvb on node akswin1000002: applications/app2-776dd6cf49-hqfvb blocked by pdb app2 with unready pods [].\n  Too many req pod web-1 on node akswin1000002: shop/web-1 blocked by pdb web.\nSee http://aka.ms/aks/debugdrainfailures',
    },
    'podDrain',
    ['applications/app2, shop/web', 'akswin1000002'],
  ],
  [
    'a pod without its namespace, and a message that is cut',
    {
      code: 'UpgradeFailed',
      message: 'PDB debug info: db-1 blocked by pdb db-primary (MinAvailable: 1) (CurrentHealthy: 1) with 0 un',
    },
    'podDrain',
    ['PodDisruptionBudget db-primary kept'],
  ],
  [
    'a budget that AKS refuses beforehand',
    {
      code: 'UnsatisfiablePDB',
      message: "1 error occurred:\n\t* PDB shop/checkout has maxunavailble == 0 can't proceed with put operation",
    },
    'podDrain',
    ['shop/checkout'],
  ],
  ['a drain without details', { code: 'PodDrainFailure', message: '' }, 'podDrain', ['kubectl get pdb -A']],
  [
    'a quota, inside Go',
    {
      code: 'ReconcileVMSSAgentPoolFailed',
      message:
        'Code="OperationNotAllowed" Message="Operation could not be completed as it results in exceeding approved standardDSv2Family Cores quota. Additional details - Deployment Model: Resource Manager, Location: westus2, Current Limit: 200, Current Usage: 194, Additional Required: 24, (Minimum) New Limit Required: 218. Submit a request for Quota increase at https://aka.ms/x."',
    },
    'quota',
    ['standardDSv2Family Cores in westus2 to 218', 'limit is 200', '194 are in use'],
  ],
  [
    'the quota that AKS checks itself',
    {
      code: 'ErrCode_InsufficientVCPUQuota',
      message:
        'Insufficient vcpu quota requested 2, remaining 0 for family StandardDasv7Family for region eastus. Surge nodes would also consume vcpu quota.',
    },
    'quota',
    ['StandardDasv7Family in eastus', '0 are left'],
  ],
  [
    'the oldest wording of a quota',
    {
      code: 'QuotaExceeded',
      message:
        'Operation results in exceeding quota limits of Core. Maximum allowed: 10, Current in use: 10, Additional requested: 2.',
    },
    'quota',
    ['quota Core', 'limit is 10', '10 are in use'],
  ],
  [
    'a full subnet',
    {
      code: 'SubnetIsFull',
      message:
        'Subnet systempool-sn with address prefix 10.53.0.0/24 does not have enough capacity for 99 IP addresses.',
    },
    'subnetFull',
    ['systempool-sn (10.53.0.0/24)', '99 are asked for'],
  ],
  [
    'a subnet that is too small',
    { code: 'InsufficientSubnetSize', message: 'Pre-allocated IPs 505 exceeds IPs available in Subnet 251' },
    'subnetFull',
    ["the pool's subnet", '505 are asked for'],
  ],
  [
    'a full subnet, in JSON in JSON',
    {
      code: 'DeploymentFailed',
      message: String.raw`At least one operation failed. {\r\n \"error\": {\r\n \"code\": \"SubnetIsFull\",\r\n \"message\": \"Subnet \\\"x\\\" is full\" }}`,
    },
    'subnetFull',
    ['subnet x'],
  ],
  [
    'a size that is not offered',
    {
      code: 'InvalidTemplateDeployment',
      message:
        'See inner errors for details. Details=[{"code":"SkuNotAvailable","message":"The requested VM size for resource \'Following SKUs have failed for Capacity Restrictions: Standard_D2_v3\' is currently not available in location \'westus2\'. Please try another size."}]',
    },
    'skuNotAvailable',
    ['Standard_D2_v3', 'westus2'],
  ],
  [
    'no capacity in a zone',
    {
      code: 'ReconcileVMSSAgentPoolFailed',
      message:
        'original error: Code="OverconstrainedZonalAllocationRequest" Message="Allocation failed. VM(s) with the following constraints cannot be allocated, because the condition is too restrictive. Please remove some constraints and try again. Constraints applied are:\\n  - Availability Zone\\n  - VM Size\\n"',
    },
    'allocation',
    ['Availability Zone, VM Size'],
  ],
  [
    'no capacity in a region',
    {
      code: 'AllocationFailed',
      message: 'We do not have sufficient capacity for the requested VM size in this region.',
    },
    'allocation',
    ['no room'],
  ],
  [
    'a policy',
    {
      code: 'RequestDisallowedByPolicy',
      message: `Resource 'aks-nodepool1-14580626-vmss' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"Deny untagged","id":"${policyId}"},"policyDefinition":{"name":"Require a tag","id":"/x"}}]'.`,
    },
    'policyDenied',
    ['"Deny untagged"', policyId],
  ],
  [
    'a lock',
    {
      status: 409,
      code: 'ScopeLocked',
      message:
        "The scope '/subscriptions/s/resourceGroups/MC_x/providers/Microsoft.Compute/virtualMachineScaleSets/v' cannot perform write operation because following scope(s) are locked: '/subscriptions/s/resourceGroups/MC_x'. Please remove the lock and try again.",
    },
    'scopeLocked',
    ['/subscriptions/s/resourceGroups/MC_x:'],
  ],
  [
    'throttling by AKS',
    {
      code: 'Throttled',
      message:
        "The PutAgentPoolHandler.PUT request limit has been exceeded for SubID='s', please retry again in 17 seconds. For more information, please visit aka.ms/aks/throttling",
    },
    'throttled',
    ['17 s'],
  ],
  [
    'throttling by Compute, that calls itself not allowed',
    {
      code: 'OperationNotAllowed',
      message:
        'The server rejected the request because too many requests have been received for this subscription. Details=[{"code":"TooManyRequests"}]',
    },
    'throttled',
    ['Too many requests'],
  ],
  ['any 429', { status: 429, code: 'Unknown', message: '' }, 'throttled', []],
  [
    'an operation that another preempted',
    {
      code: 'AKSOperationPreempted',
      message: 'This operation has been preempted by another operation with ID 0f7c1a52-6f0e-4a3d-9f2b-1c9a5be0d7aa',
    },
    'preempted',
    ['0f7c1a52-6f0e-4a3d-9f2b-1c9a5be0d7aa'],
  ],
  ['an operation that was aborted', { code: 'OperationCanceled', message: 'Aborted.' }, 'preempted', ['activity log']],
  [
    'another operation',
    {
      status: 409,
      code: 'OperationNotAllowed',
      message:
        'Operation is not allowed: Another agentpool operation (nodepool1 - Updating) is in progress, please wait for it to finish before starting a new operation. See https://aka.ms/aks-pending-operation for more details',
    },
    'otherOperation',
    ['"nodepool1 - Updating"'],
  ],
  ['a conflict without a reason', { status: 409, code: 'Conflict', message: '' }, 'otherOperation', []],
  [
    'a pool of machines',
    {
      status: 409,
      code: 'OperationNotAllowed',
      message:
        'Upgrading node image version on machines agent pool is not allowed, please use machine API to handle machine life cycle',
    },
    'unsupportedPool',
    ['selector'],
  ],
  [
    'an image that is gone',
    {
      code: 'DeploymentFailed',
      message: String.raw`details: [{"code":"NotFound","message":"{\r\n \"error\": {\r\n \"code\": \"PlatformImageNotFound\",\r\n \"message\": \"The platform image 'microsoft-aks:aks:aks-ubuntu-1604-201909:2019.08.21' is not available.\"}}"}]`,
    },
    'imageRetired',
    ['microsoft-aks:aks:aks-ubuntu-1604-201909:2019.08.21'],
  ],
  [
    "an image too old for AKS's provisioning",
    {
      code: 'BadRequest',
      message:
        "ConfigurationVersion 'v0.20240812.0' is not supported for AgentBaker. Please upgrade agent pool to the latest NodeImageVersion.",
    },
    'imageTooOld',
    ['az aks nodepool upgrade --resource-group rg-shop --cluster-name aks-shop-we --name apps --node-image-only.'],
  ],
  ...bootstrapFailures,
  [
    'what nobody knows',
    { code: 'ReconcileVMSSAgentPoolFailed', message: 'Internal server error' },
    'unknown',
    ['ReconcileVMSSAgentPoolFailed'],
  ],
  ['nothing at all', { code: '', message: '' }, 'unknown', ['No remedy is known:']],
];

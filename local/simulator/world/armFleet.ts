// The fleet that the simulator starts from, in ARM's own JSON shapes. Written by fleet files and tests, read by world.ts.

/** An agent pool as it stands in a cluster's `agentPoolProfiles`; fields that the simulator does not know are kept as they are. */
export type ArmAgentPoolProfile = {
  readonly name: string;
  readonly count?: number;
  readonly mode?: string;
  readonly type?: string;
  readonly osType?: string;
  readonly provisioningState?: string;
  readonly powerState?: { readonly code: string };
  readonly orchestratorVersion?: string;
  readonly currentOrchestratorVersion?: string;
  readonly nodeImageVersion?: string;
  readonly eTag?: string;
  readonly upgradeSettings?: {
    readonly maxSurge?: string;
    readonly maxUnavailable?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
};

/** A maintenance configuration in ARM's shape. */
export type ArmMaintenanceConfiguration = {
  readonly name: string;
  readonly properties: { readonly maintenanceWindow?: unknown; readonly [field: string]: unknown };
};

/** A pod on a node of the pool; a pending one is on none. */
export type ArmPod = {
  readonly namespace: string;
  readonly name: string;
  readonly nodePool: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly controller?: { readonly kind: string; readonly name: string };
  readonly phase?: 'Running' | 'Pending';
};

export type ArmPodDisruptionBudget = {
  readonly namespace: string;
  readonly name: string;
  readonly disruptionsAllowed: number;
  readonly matchLabels: Readonly<Record<string, string>>;
};

/** What the cluster's Kubernetes API shows beside its nodes. */
export type ArmKubernetes = {
  readonly pods?: readonly ArmPod[];
  readonly podDisruptionBudgets?: readonly ArmPodDisruptionBudget[];
};

/** A managed cluster in ARM's shape and, beside "properties", its maintenance configurations and what runs on it. */
export type ArmManagedCluster = {
  readonly id: string;
  readonly name?: string;
  readonly type?: string;
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly sku?: { readonly name?: string; readonly tier?: string };
  readonly properties: {
    readonly provisioningState?: string;
    readonly powerState?: { readonly code: string };
    readonly kubernetesVersion?: string;
    readonly currentKubernetesVersion?: string;
    readonly agentPoolProfiles?: readonly ArmAgentPoolProfile[];
    readonly autoUpgradeProfile?: { readonly upgradeChannel?: string; readonly nodeOSUpgradeChannel?: string };
    readonly resourceUID?: string;
    readonly nodeResourceGroup?: string;
    readonly [field: string]: unknown;
  };
  readonly maintenanceConfigurations?: readonly ArmMaintenanceConfiguration[];
  readonly kubernetes?: ArmKubernetes;
  readonly [field: string]: unknown;
};

/** A node image that AKS offers from a moment on, in some regions or in all. */
type FleetRelease = {
  readonly nodeImageVersion: string;
  /** ISO 8601 with an offset. */
  readonly availableAt: string;
  readonly regions?: readonly string[];
};

/** What the simulator is created from: the content of a fleet file, already valid. */
export type Fleet = {
  readonly clusters: readonly ArmManagedCluster[];
  readonly releases: readonly FleetRelease[];
  /** How long one batch of surge nodes takes. */
  readonly rolling: { readonly secondsPerNode: number };
  /** AKS itself upgrades clusters on channel NodeImage in their window, as it does on Azure; default false. */
  readonly aksAutoUpgrade?: boolean;
  /** Event Grid also sends what it sends for whole subscriptions: who did what, and AKS's maintenance; default false. */
  readonly subscriptionEvents?: boolean;
};

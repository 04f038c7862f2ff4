// What a cluster's Kubernetes API showed. Read by the adapter kubernetes.ts; proof and preflight judge it.

export type KubernetesNode = {
  readonly name: string;
  /** The label `kubernetes.azure.com/node-image-version`, with the security patch date if there is one. */
  readonly nodeImageVersion?: string | undefined;
  readonly isReady: boolean;
  readonly isCordoned: boolean;
  /** AKS could not drain it and set it aside: label `kubernetes.azure.com/upgrade-status`. */
  readonly isQuarantined: boolean;
  /** Not Ready, and its machine is shut down: taint `node.cloudprovider.kubernetes.io/shutdown`. */
  readonly isShutDown?: boolean | undefined;
};

/** All labels and all expressions must match; an empty one matches every pod. */
export type LabelSelector = {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
};

export type PodDisruptionBudget = {
  readonly namespace: string;
  readonly name: string;
  /** How many of its pods may be evicted now; undefined while Kubernetes has not counted them. */
  readonly disruptionsAllowed?: number | undefined;
  readonly selector?: LabelSelector | undefined;
};

export type Pod = {
  readonly namespace: string;
  readonly name: string;
  readonly node?: string | undefined;
  readonly phase: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly controller?: { readonly kind: string; readonly name: string } | undefined;
};

// What the Kubernetes API of a cluster showed of its nodes, pods and PodDisruptionBudgets. Read by the adapter
// kubernetes.ts; proof and preflight judge it.

export type KubernetesNode = {
  readonly name: string;
  /** The label `kubernetes.azure.com/node-image-version`, with the security patch date where the node has one. */
  readonly nodeImageVersion?: string | undefined;
  readonly isReady: boolean;
  /** Nothing new is scheduled on it. */
  readonly isCordoned: boolean;
  /** AKS could not drain it, and put a surge node beside it: label `kubernetes.azure.com/upgrade-status`. */
  readonly isQuarantined: boolean;
};

/** As Kubernetes has it: all labels and all expressions must match; an empty one matches every pod. */
export type LabelSelector = {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly {
    readonly key: string;
    /** In, NotIn, Exists or DoesNotExist. */
    readonly operator: string;
    readonly values: readonly string[];
  }[];
};

export type PodDisruptionBudget = {
  readonly namespace: string;
  readonly name: string;
  /** How many of its pods may be evicted now; undefined while Kubernetes has not counted them. */
  readonly disruptionsAllowed?: number | undefined;
  /** Undefined: it selects no pod. */
  readonly selector?: LabelSelector | undefined;
};

export type Pod = {
  readonly namespace: string;
  readonly name: string;
  /** The node that it was scheduled on. */
  readonly node?: string | undefined;
  /** Pending, Running or Unknown; pods that have ended are not read. */
  readonly phase: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What would make it again elsewhere. */
  readonly controller?: { readonly kind: string; readonly name: string } | undefined;
};

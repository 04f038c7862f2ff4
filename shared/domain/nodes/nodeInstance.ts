// A node as Compute has it: an instance of a scale set. Read by the adapter capacity, counted by countNodes.

export type NodeInstance = {
  readonly scaleSet: string;
  readonly instanceId: string;
  /** The name that Kubernetes knows the node by. */
  readonly node?: string | undefined;
  readonly provisioningState: string;
  /** ARM id of the gallery image version that it runs. */
  readonly image?: string | undefined;
};

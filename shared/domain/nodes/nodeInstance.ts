// A node as Compute has it: an instance of a scale set. Read by the adapter capacity, counted by countNodes.

export type NodeInstance = {
  readonly scaleSet: string;
  readonly instanceId: string;
  readonly node?: string | undefined;
  readonly provisioningState: string;
  readonly image?: string | undefined;
  /** From its instance view, in lower case, such as `running` or `deallocated`; absent where that shows none. */
  readonly powerState?: string | undefined;
};

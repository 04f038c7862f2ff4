// A node as Compute has it: an instance of a scale set, or a machine of its own in a pool of type VirtualMachines. Read by the
// adapter capacity, counted by countNodes.

export type NodeInstance = {
  readonly scaleSet?: string;
  /** Of a virtual machine of its own: its name. */
  readonly instanceId: string;
  readonly node?: string | undefined;
  readonly provisioningState: string;
  readonly image?: string | undefined;
  /** From its instance view, in lower case, such as `running` or `deallocated`; absent where that shows none. */
  readonly powerState?: string | undefined;
};

// Why a fetch failed. Used by sendFault.ts and eventSink.ts.
export function causeOf({ message, cause }: Error): string {
  return (cause instanceof Error && cause.message) || message;
}

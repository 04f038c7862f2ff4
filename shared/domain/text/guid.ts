// The form of Azure's ids of subscriptions, applications and principals. Called where one comes from outside.

export function isGuid(text: string): boolean {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
}

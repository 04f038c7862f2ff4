// Answers of what stands beside ARM: the identity endpoint and the control route.
import type { ArmResponse } from '../simulator/arm/armAnswer.ts';

export function jsonAnswer(status: number, body: object): ArmResponse {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}

// A read of ARM whose failure is an answer too. Called where one thing that can't be read must not hide the rest.
import type { Read } from '../domain/text/read.ts';
import { shortened } from '../domain/text/shortened.ts';
import { ArmError } from '../ports/arm.ts';

const longestProblem = 500;

/** What was read, or what ARM answered instead. Only an ArmError is such a problem. */
export async function orProblem<T>(
  read: () => Promise<T>,
  onProblem: (error: ArmError) => Promise<void> = async () => {},
): Promise<Read<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    await onProblem(error);
    return { problem: shortened(error.answer, longestProblem) };
  }
}

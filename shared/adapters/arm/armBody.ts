// One GET through the SDK, for ARM's own body: the SDK trips over nulls and drops what it does not know. Called by arm.ts.
import { jsonIn } from '../../domain/text/jsonIn.ts';
import { timeOut } from './armClient.ts';
import { httpError, type RawResponse, readOrAbsent, unexpected } from './armErrors.ts';

type Asked = { readonly abortSignal: AbortSignal; readonly onResponse: (response: RawResponse) => void };

/** Undefined on 404. @param what finishes the sentence "ARM could not …" */
export function readBody(what: string, send: (asked: Asked) => Promise<unknown>) {
  return readOrAbsent(what, async () => {
    const answers: RawResponse[] = [];
    try {
      await send({ abortSignal: timeOut(), onResponse: (response) => void answers.push(response) });
    } catch (error) {
      // Where ARM has answered, the SDK can't read the answer.
      if (answers.length === 0) throw error;
    }
    const [answer] = answers;
    if (answer?.status !== 200) throw answer ? httpError(answer) : unexpected('the SDK shows no response');
    const json = jsonIn(answer.bodyAsText);
    if (typeof json !== 'object' || json === null) throw unexpected('it is no object of JSON');
    return { json, headers: answer.headers };
  });
}

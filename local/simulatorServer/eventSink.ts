// Where the simulator's events go: to a webhook, as Event Grid sends them, or to a file, one on a line.
import { appendFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { causeOf } from '../http/causeOf.ts';
import type { SimulatorEvent } from '../simulator/events/simulatorEvent.ts';

/** Event Grid's waits between attempts. It goes on for a day; the simulator stops here. */
const retrySeconds = [10, 30, 60, 300, 600];
const answerSeconds = 30;

/** What is wrong with a target, or undefined when it is a webhook's URL or may be a file. */
export function eventTargetProblem(target: string): string | undefined {
  // A file's path has no host with a port before it.
  const isMeantAsUrl = /^(?:[a-z][a-z+.-]+:|[\w.-]+:\d+\b)/i.test(target);
  if (target !== '' && !isMeantAsUrl) return undefined;
  const isUrl = /^https?:\/\//i.test(target) && URL.canParse(target);
  return isUrl
    ? undefined
    : `is "${target}"; give the http or https URL of an Event Grid webhook, for example http://127.0.0.1:7071/runtime/webhooks/eventgrid?functionName=onClusterEvent, or the path of a file.`;
}

type Wait = (seconds: number, signal: AbortSignal) => Promise<void>;
const waitSeconds: Wait = (seconds, signal) => delay(seconds * 1000, undefined, { signal });

/** @param target an http or https URL, or the path of a file. @param wait lets seconds pass; tests give their own */
export function createEventSink(target: string, say: (line: string) => void, wait: Wait = waitSeconds) {
  const stopped = new AbortController();
  const running = new Set<Promise<void>>();
  const isWebhook = /^https?:\/\//i.test(target);
  let written: Promise<void> = Promise.resolve();

  function append(event: SimulatorEvent): Promise<void> {
    written = written.catch(() => undefined).then(() => appendFile(target, `${JSON.stringify(event)}\n`));
    return written;
  }

  async function post(event: SimulatorEvent): Promise<void> {
    for (const [attempt, seconds] of [...retrySeconds, undefined].entries()) {
      const { refusal, isFinal } = await postOnce(target, event, attempt, stopped.signal);
      if (refusal === undefined) return;
      stopped.signal.throwIfAborted();
      const isLast = seconds === undefined || isFinal;
      say(`Event Grid: ${refusal} to ${event.eventType}; ${isLast ? 'given up' : `again in ${seconds} s`}.`);
      if (isLast) return;
      await wait(seconds, stopped.signal);
    }
  }

  return {
    deliver: (event: SimulatorEvent): void => {
      const settled = (isWebhook ? post(event) : append(event))
        .catch((error: Error) => {
          if (!stopped.signal.aborted) say(`Event Grid: not delivered: ${error.message}`);
        })
        .finally(() => running.delete(settled));
      running.add(settled);
    },
    stop: async () => {
      stopped.abort();
      await Promise.all(running);
    },
  };
}

async function postOnce(
  url: string,
  event: SimulatorEvent,
  attempt: number,
  stopped: AbortSignal,
): Promise<{ readonly refusal?: string; readonly isFinal?: boolean }> {
  try {
    const { ok, status, body } = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'aeg-event-type': 'Notification',
        'aeg-subscription-name': 'SIMULATOR',
        'aeg-delivery-count': String(attempt),
        'aeg-data-version': event.dataVersion,
        'aeg-metadata-version': event.metadataVersion,
      },
      body: JSON.stringify([event]),
      signal: AbortSignal.any([stopped, AbortSignal.timeout(answerSeconds * 1000)]),
    });
    await body?.cancel();
    // Event Grid does not send a request again that will never be taken.
    return ok ? {} : { refusal: `the webhook answered ${status}`, isFinal: status === 400 || status === 413 };
  } catch (error) {
    return { refusal: `no answer (${causeOf(error as Error)})` };
  }
}

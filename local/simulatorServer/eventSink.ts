// Where the simulator's events go: to a webhook, as Event Grid sends them, or to a file, one on a line.
import { appendFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { causeOf } from '../http/causeOf.ts';
import type { SimulatorEvent } from '../simulator/events/simulatorEvent.ts';

export type EventSink = {
  readonly deliver: (event: SimulatorEvent) => void;
  readonly stop: () => Promise<void>;
};

/** Event Grid's waits between attempts. It goes on for a day; the simulator stops here. */
const retrySeconds = [10, 30, 60, 300, 600];
const answerSeconds = 30;
/** A request that will never be taken is not sent again. */
const isFinal = (status: number) => status === 400 || status === 413;

/** What is wrong with a target, or undefined when it is a webhook's URL or may be a file. */
export function eventTargetProblem(target: string): string | undefined {
  // A file's path has no host with a port before it.
  const isMeantAsUrl = /^(?:[a-z][a-z+.-]+:|[\w.-]+:\d+\b)/i.test(target);
  if (target !== '' && !isMeantAsUrl) return undefined;
  const url = /^https?:\/\//i.test(target) ? URL.parse(target) : null;
  return url
    ? undefined
    : `is "${target}"; give the http or https URL of an Event Grid webhook, for example http://127.0.0.1:7071/runtime/webhooks/eventgrid?functionName=onClusterEvent, or the path of a file.`;
}

type Wait = (seconds: number, signal: AbortSignal) => Promise<void>;
const waitSeconds: Wait = (seconds, signal) => delay(seconds * 1000, undefined, { signal });

/** @param target an http or https URL, or the path of a file. @param wait lets seconds pass; tests give their own */
export function createEventSink(target: string, say: (line: string) => void, wait: Wait = waitSeconds): EventSink {
  const stopped = new AbortController();
  const running = new Set<Promise<void>>();
  const isWebhook = /^https?:\/\//i.test(target);
  let written: Promise<void> = Promise.resolve();

  function track(delivery: Promise<void>): void {
    const settled = delivery
      .catch((error: Error) => {
        if (!stopped.signal.aborted) say(`Event Grid: not delivered: ${error.message}`);
      })
      .finally(() => running.delete(settled));
    running.add(settled);
  }

  async function post(event: SimulatorEvent): Promise<void> {
    for (const [attempt, seconds] of [...retrySeconds, undefined].entries()) {
      const outcome = await postOnce(target, event, attempt, stopped.signal);
      if (outcome === undefined) return;
      stopped.signal.throwIfAborted();
      const isLast = seconds === undefined || outcome.final;
      say(`Event Grid: ${outcome.what} to ${event.eventType}; ${isLast ? 'given up' : `again in ${seconds} s`}.`);
      if (isLast) return;
      await wait(seconds, stopped.signal);
    }
  }

  return {
    deliver: (event) => {
      if (isWebhook) return track(post(event));
      written = written.catch(() => undefined).then(() => appendFile(target, `${JSON.stringify(event)}\n`));
      return track(written);
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
): Promise<{ readonly what: string; readonly final: boolean } | undefined> {
  try {
    const response = await fetch(url, {
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
    await response.body?.cancel();
    if (response.ok) return undefined;
    return { what: `the webhook answered ${response.status}`, final: isFinal(response.status) };
  } catch (error) {
    return { what: `no answer (${causeOf(error as Error)})`, final: false };
  }
}

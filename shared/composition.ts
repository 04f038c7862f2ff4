// Where the parts are put together, on the first invocation. The local run and tests replace parts before that.
import type { TokenCredential } from '@azure/identity';
import { Temporal } from 'temporal-polyfill';
import { createArm } from './adapters/arm/arm.ts';
import { createArmClock } from './adapters/arm/armClock.ts';
import { createCapacity } from './adapters/arm/capacity.ts';
import { createEventGridTopic } from './adapters/eventGrid/eventGridTopic.ts';
import { createKubernetes } from './adapters/kubernetes/kubernetes.ts';
import { createAzureDocuments, type DocumentsConnection } from './adapters/storage/azureDocuments.ts';
import { createAzureQueues } from './adapters/storage/azureQueues.ts';
import { createAzureTables } from './adapters/storage/azureTables.ts';
import { onFirstUse } from './adapters/storage/createOnFirstUse.ts';
import type { StorageConnection } from './adapters/storage/storageConnection.ts';
import { type Config, readConfig } from './config.ts';
import { oneLine } from './domain/text/oneLine.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { Dependencies } from './usecases/dependencies.ts';

const systemClock: Clock = { now: () => Temporal.Now.instant() };

let parts: Partial<Dependencies> = {};
let composed: Omit<Dependencies, 'log'> | undefined;

/** Replaces parts of the app; before the first invocation only. */
export function replaceParts(replacements: Partial<Dependencies>): void {
  parts = replacements;
  composed = undefined;
}

/** What a use case is given. @throws when an app setting is missing or wrong */
export function dependencies(log: Log): Dependencies {
  if (!composed) {
    composed = compose(readConfig(process.env));
    if (!composed.topic) (parts.log ?? log).info('No topic is set (TOPIC_ENDPOINT), so no notifications are sent.');
  }
  return { ...composed, log: inOneLine(parts.log ?? log) };
}

/** Reasons, names and Azure's errors are of others' making: here, so that no caller can forget. */
export function inOneLine(log: Log): Log {
  return { info: (message) => log.info(oneLine(message)), warn: (message) => log.warn(oneLine(message)) };
}

function compose(config: Config): Omit<Dependencies, 'log'> {
  // Tokens are asked for when they are needed, so a local run that replaces ARM never asks.
  const credential = createCredential(config);
  const storage: StorageConnection =
    'connectionString' in config.storage
      ? { kind: 'connectionString', value: config.storage.connectionString }
      : { kind: 'identity', ...config.storage, credential };
  const digests: DocumentsConnection =
    'connectionString' in config.digests
      ? { kind: 'connectionString', value: config.digests.connectionString, container: config.digests.container }
      : { kind: 'identity', ...config.digests, credential };
  const { topic, publicUrl, armEndpoint: endpoint } = config;
  const clock = createArmClock(parts.clock ?? systemClock);
  const azure = { credential, endpoint, armClock: clock, clock };
  return {
    clock,
    arm: parts.arm ?? createArm(azure),
    capacity: parts.capacity ?? createCapacity(azure),
    kubernetes: parts.kubernetes ?? createKubernetes(azure),
    tables: parts.tables ?? createAzureTables(storage),
    digests: parts.digests ?? createAzureDocuments(digests),
    queues: parts.queues ?? createAzureQueues(storage),
    topic: parts.topic ?? (topic && createEventGridTopic({ ...topic, credential, publicUrl })),
    subscriptions: config.subscriptions,
    shareForOthers: config.shareForOthers,
    factsMinutes: config.factsMinutes,
    gapMinutes: config.gapMinutes,
    signInHeader: config.signInHeader,
    publicUrl,
  };
}

function createCredential({ clientId }: Config): TokenCredential {
  const open = onFirstUse(async () => {
    const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
    // In Azure the identity alone is asked: the default chain would go on to probe developers' tools.
    if (process.env['IDENTITY_ENDPOINT']) return new ManagedIdentityCredential(clientId ? { clientId } : {});
    return new DefaultAzureCredential(clientId ? { managedIdentityClientId: clientId } : {});
  });
  return { getToken: async (scopes, options) => (await open()).getToken(scopes, options) };
}

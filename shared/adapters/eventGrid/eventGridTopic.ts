// An Event Grid custom topic through its SDK: notifications leave as CloudEvents 1.0. Built by the composition root.
import type { TokenCredential } from '@azure/identity';
import type { Notification } from '../../domain/notification/notification.ts';
import { typePrefix } from '../../domain/policy/notificationTypes.ts';
import { messageOf } from '../../domain/text/messageOf.ts';
import { withoutSecrets } from '../../domain/text/oneLine.ts';
import type { Topic } from '../../ports/topic.ts';
import { onFirstUse } from '../storage/createOnFirstUse.ts';

/** A topic that hangs must not keep a pass from sending its starts. */
const requestSeconds = 10;

/** @param key absent: the identity, which needs EventGrid Data Sender @param publicUrl what links begin with */
export function createEventGridTopic(options: {
  readonly endpoint: string;
  readonly key: string | undefined;
  readonly credential: TokenCredential;
  readonly publicUrl: string | undefined;
}): Topic {
  const { endpoint, key, credential, publicUrl = '' } = options;
  const open = onFirstUse(async () => {
    const { AzureKeyCredential, EventGridPublisherClient } = await import('@azure/eventgrid');
    return new EventGridPublisherClient(
      endpoint,
      'CloudEvent',
      key === undefined ? credential : new AzureKeyCredential(key),
      // The keeper sends again itself, with what is new by then.
      { retryOptions: { maxRetries: 0 }, allowInsecureConnection: endpoint.startsWith('http:') },
    );
  });
  return {
    publish: async (notifications) => {
      try {
        const client = await open();
        await client.send(
          notifications.map((notification) => toCloudEvent(notification, publicUrl)),
          { abortSignal: AbortSignal.timeout(requestSeconds * 1000) },
        );
      } catch (error) {
        throw new Error(`The topic at ${new URL(endpoint).host} answered: ${withoutSecrets(messageOf(error))}`, {
          cause: error,
        });
      }
    },
  };
}

function toCloudEvent({ type, id, source, subject, time, data }: Notification, publicUrl: string) {
  const linked = { ...data, link: publicUrl + data.link };
  return { type: typePrefix + type, id, source, subject, time: new Date(time), data: linked };
}

// docs/notifications.md has every type of notification with an example that its schema takes, and every field that one can have.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { notificationSchemas } from '../../shared/domain/notification/notification.ts';
import { notificationTypes, typePrefix } from '../../shared/domain/policy/notificationTypes.ts';

const page = readFileSync(new URL('../../docs/notifications.md', import.meta.url), 'utf8');
const sections = page
  .split(/^### /m)
  .slice(1)
  .map((text) => ({ type: text.slice(0, text.indexOf('\n')), text }));

const CloudEvent = z.strictObject({
  specversion: z.literal('1.0'),
  type: z.string(),
  id: z.string().min(1),
  source: z.string().min(1),
  subject: z.string().min(1),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  data: z.object({ link: z.url() }).loose(),
});

it('has one section for each type, in their order', () => {
  expect(sections.map(({ type }) => type)).toEqual(notificationTypes);
});

describe.each(notificationTypes)('%s', (type) => {
  const text = sections.find((section) => section.type === type)?.text ?? '';
  const example: unknown = JSON.parse(/```json\n(?<json>.*?)```/s.exec(text)?.groups?.['json'] ?? 'null');

  it('has an example that is a CloudEvent of its schema', () => {
    const event = CloudEvent.parse(example);
    expect(event.type).toBe(typePrefix + type);
    expect(notificationSchemas[type].parse(event.data)).toEqual(event.data);
  });

  it('says when it is sent', () => {
    expect(text.split('```')[0]?.length).toBeGreaterThan(40);
  });
});

it('explains every field, and none that is not there', () => {
  const explained = [...page.matchAll(/^\| `(\w+)` \| .+ \|$/gm)].map(([, name]) => name);
  const fields = Object.values(notificationSchemas).flatMap((schema) => Object.keys(schema.shape));
  expect(new Set(explained)).toEqual(new Set(fields));
  expect(explained).toHaveLength(new Set(fields).size);
});

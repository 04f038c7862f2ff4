import { expect, it } from 'vitest';
import { allPages, type Page } from '../../../shared/adapters/arm/allPages.ts';

/** Pages without end; `onPage` is told each that is asked for. */
async function* endless(onPage: (page: number) => void): AsyncGenerator<Page<number>> {
  for (let page = 1; ; page += 1) {
    onPage(page);
    yield Object.assign([page], { continuationToken: String(page) });
  }
}

it('gives the items of all pages in their order, also of a page with very many', async () => {
  const many = Array.from({ length: 200_000 }, (_, index) => index);
  async function* pages(): AsyncGenerator<Page<number>> {
    yield Object.assign([...many], { continuationToken: 'next' });
    yield [1];
  }
  expect(await allPages(pages(), new AbortController().signal)).toEqual([...many, 1]);
});

it('ends between pages when the time of the whole list is over', async () => {
  const controller = new AbortController();
  const pages = endless((page) => page === 3 && controller.abort());
  await expect(allPages(pages, controller.signal)).rejects.toThrow(/not be read to its end: .*60 seconds/);
});

it('ends when a page never comes', async () => {
  const controller = new AbortController();
  async function* pages(): AsyncGenerator<Page<number>> {
    yield Object.assign([1], { continuationToken: 'next' });
    controller.abort();
    await Promise.withResolvers<never>().promise;
  }
  await expect(allPages(pages(), controller.signal)).rejects.toMatchObject({ code: 'UnfinishedList' });
});

it('asks for nothing when its time is over before it begins', async () => {
  const asked: number[] = [];
  const pages = endless((page) => asked.push(page));
  await expect(allPages(pages, AbortSignal.abort())).rejects.toThrow('60 seconds');
  expect(asked).toEqual([]);
});

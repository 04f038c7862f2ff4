import { expect, it } from 'vitest';
import { allPages, type ReadPage } from '../../../shared/adapters/arm/allPages.ts';

/** Pages without end; `onPage` is called with each that is asked for. */
function endless(onPage: (page: number) => void): ReadPage<number> {
  let page = 0;
  return async () => {
    page += 1;
    onPage(page);
    return { items: [page], next: String(page) };
  };
}

it('gives the items of all pages in their order, also of a page with very many', async () => {
  const many = Array.from({ length: 200_000 }, (_, index) => index);
  const pages: ReadPage<number> = async (next) => (next === '' ? { items: many, next: 'next' } : { items: [1] });
  expect(await allPages(pages, new AbortController().signal)).toEqual([...many, 1]);
});

it('ends between pages when the time of the whole list is over', async () => {
  const controller = new AbortController();
  const pages = endless((page) => page === 3 && controller.abort());
  await expect(allPages(pages, controller.signal)).rejects.toThrow(/not be read to its end: .*60 seconds/);
});

it('ends when a page never comes', async () => {
  const controller = new AbortController();
  const pages: ReadPage<number> = async (next) => {
    if (next === '') return { items: [1], next: 'next' };
    controller.abort();
    return Promise.withResolvers<never>().promise;
  };
  await expect(allPages(pages, controller.signal)).rejects.toMatchObject({ code: 'UnfinishedList' });
});

it('asks for nothing when its time is over before it begins', async () => {
  const asked: number[] = [];
  const pages = endless((page) => asked.push(page));
  await expect(allPages(pages, AbortSignal.abort())).rejects.toThrow('60 seconds');
  expect(asked).toEqual([]);
});

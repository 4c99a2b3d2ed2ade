import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { withOpenPage } from './server/open-page.ts';

const secret = 'sk-ant-PASTED-1234';

describe('the providers in Chromium', () => {
  const opened = withOpenPage();

  async function openProviders(): Promise<Page> {
    const { enter, field, page } = opened();
    await enter();
    await field.waitFor();
    await page.getByRole('link', { name: 'Providers' }).click();
    await page.getByRole('heading', { name: 'Z.ai' }).waitFor();
    return page;
  }
  const card = (page: Page, name: string) => page.getByRole('region', { name });

  async function paste(page: Page, name: string, key: string): Promise<void> {
    await card(page, name).getByRole('button', { name: 'Use your own key' }).click();
    await card(page, name)
      .getByLabel(/Your key for/)
      .fill(key);
    await card(page, name).getByRole('button', { name: 'Test and keep' }).click();
  }

  it('shows the five, which of them can be asked, and by whose key', async () => {
    const page = await openProviders();
    assert.equal(await page.getByRole('region').count(), 5);
    await card(page, 'Anthropic').getByText('ready', { exact: true }).waitFor();
    await card(page, 'Anthropic').getByText('…inst').waitFor();
    await card(page, 'OpenAI').getByText('no key', { exact: true }).waitFor();
    await card(page, 'OpenAI').getByText('set OPENAI_API_KEY').waitFor();
    assert.equal(await card(page, 'Ollama').getByRole('button').count(), 0);
    assert.equal(await page.title(), 'Providers – Mosaic');
    await page.reload();
    await page.getByRole('heading', { name: 'Z.ai' }).waitFor();
  });

  it('keeps a pasted key, shows four characters of it, tests and removes it', async () => {
    const page = await openProviders();
    await paste(page, 'OpenAI', secret);
    await card(page, 'OpenAI').getByText('Your key …1234').waitFor();
    await card(page, 'OpenAI').getByText('ready, with your key').waitFor();
    assert.deepEqual(opened().server.providers.written, [
      { key: secret, baseUrl: null, skipTest: false },
    ]);
    const test = page.waitForRequest(/openai\/credentials\/test$/);
    await card(page, 'OpenAI').getByRole('button', { name: 'Test' }).click();
    await test;
    await card(page, 'OpenAI').getByText('works').waitFor();
    await card(page, 'OpenAI').getByRole('button', { name: 'Remove' }).click();
    await card(page, 'OpenAI').getByText('no key', { exact: true }).waitFor();
  });

  it('leaves no trace of a kept key in the page or in what the browser stores', async () => {
    const page = await openProviders();
    await paste(page, 'OpenAI', secret);
    await card(page, 'OpenAI').getByText('Your key …1234').waitFor();
    const traces = await page.evaluate(() => [
      document.documentElement.outerHTML,
      JSON.stringify(Object.values(sessionStorage)),
      JSON.stringify(Object.values(localStorage)),
      location.href,
      ...[...document.querySelectorAll('input')].map((input) => input.value),
    ]);
    assert.equal(traces.join('\n').includes('PASTED'), false);
  });

  it('says what the vendor said of a refused key, and lets it be corrected in its place', async () => {
    const page = await openProviders();
    await paste(page, 'OpenAI', 'bad-key-0000');
    await card(page, 'OpenAI').getByRole('alert').getByText('refused by the vendor').waitFor();
    assert.equal(await card(page, 'OpenAI').getByText('without a test').count(), 0);
    await card(page, 'OpenAI')
      .getByLabel(/Your key for/)
      .fill(secret);
    await card(page, 'OpenAI').getByRole('button', { name: 'Test and keep' }).click();
    await card(page, 'OpenAI').getByText('Your key …1234').waitFor();
  });

  it('offers to keep a key untested only when its vendor could not be asked', async () => {
    const page = await openProviders();
    await paste(page, 'OpenAI', 'slow-key-5678');
    await card(page, 'OpenAI').getByLabel('Keep it without a test').check();
    await card(page, 'OpenAI').getByRole('button', { name: 'Test and keep' }).click();
    await card(page, 'OpenAI').getByText('not tested').waitFor();
  });

  it('lets a person choose among the vendor’s own addresses', async () => {
    const page = await openProviders();
    await card(page, 'Z.ai').getByRole('button', { name: 'Use your own key' }).click();
    await card(page, 'Z.ai')
      .getByLabel(/Your key for/)
      .fill('zai-key-9012');
    const base = 'https://api.z.ai/api/coding/paas/v4';
    await card(page, 'Z.ai').getByLabel('Address that it belongs to').selectOption(base);
    await card(page, 'Z.ai').getByRole('button', { name: 'Test and keep' }).click();
    await card(page, 'Z.ai').getByText(`at ${base}`).waitFor();
    await page.keyboard.press('Escape');
  });

  it('where no key can be kept it says why and offers no field', async () => {
    opened().server.providers.problem =
      'Keys of your own can’t be kept here: set MOSAIC_MASTER_KEY.';
    const page = await openProviders();
    await page.getByRole('alert').getByText('set MOSAIC_MASTER_KEY').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Use your own key' }).count(), 0);
  });

  it('fits a phone, with a form open and a long reason in it', async () => {
    const { enter, field, page } = opened();
    await page.setViewportSize({ width: 390, height: 844 });
    await enter();
    await field.waitFor();
    await page.getByRole('button', { name: 'Conversations' }).click();
    await page.getByRole('link', { name: 'Providers' }).click();
    await paste(page, 'Z.ai', `bad-${'x'.repeat(60)}`);
    await card(page, 'Z.ai').getByRole('alert').waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  });
});

import { after, before } from 'node:test';
import { launchMosaic, type RunningMosaic, temporaryDirectory } from '@mosaic/test-kit';
import { chromiumOptions } from '@mosaic/test-kit/chromium';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

let mosaic: RunningMosaic | undefined;
let profile: Awaited<ReturnType<typeof temporaryDirectory>> | undefined;
let browser: BrowserContext | undefined;

/** One Mosaic and one Chromium for all claims about the page; there only while tests run. */
export const stand = {
  get mosaic(): RunningMosaic {
    if (mosaic === undefined) throw new Error('Mosaic is started before the first test.');
    return mosaic;
  },
  get browser(): BrowserContext {
    if (browser === undefined) throw new Error('Chromium is started before the first test.');
    return browser;
  },
};

before(async () => {
  mosaic = await launchMosaic({ timeoutMs: 240_000 });
  profile = await temporaryDirectory();
  browser = await chromium.launchPersistentContext(profile.path, {
    ...chromiumOptions,
    viewport: { width: 1280, height: 800 },
  });
});
after(async () => {
  await browser?.close();
  await profile?.remove();
  await mosaic?.stop();
});

/** The page of a new person, ready to write. */
export async function signedIn(name: string): Promise<Page> {
  const { url } = stand.mosaic;
  await fetch(`${url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, email: `${name}@example.org`, password: `${name}-pass-word-1` }),
  });
  await stand.browser.clearCookies();
  const page = await stand.browser.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(url);
  await page.getByLabel(/e-?mail/i).fill(`${name}@example.org`);
  await page.getByLabel(/password/i).fill(`${name}-pass-word-1`);
  await page.getByRole('button', { name: /^sign in$/i }).click();
  await page.getByRole('textbox', { name: /message/i }).waitFor();
  return page;
}

export async function send(page: Page, text: string): Promise<void> {
  const box = page.getByRole('textbox', { name: /message/i });
  await box.fill(text);
  await box.press('Enter');
}

export const textOf = async (page: Page, place = '[role=log]') =>
  (await page.locator(place).allInnerTexts()).join('\n');

export const words = (count: number) =>
  Array.from({ length: count }, (_, index) => `word${index}`).join(' ');

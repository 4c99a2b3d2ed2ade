import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach } from 'node:test';
import { chromiumOptions } from '@mosaic/test-kit/chromium';
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import { type ChatServer, ownerToken, startChatServer } from './chat-server.ts';

/** A page of the built client in Chromium, new for each test, against a server of its own. */
export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly server: ChatServer;
  /** Opens the client with the owner's link. */
  readonly enter: () => Promise<void>;
  readonly say: (text: string) => Promise<void>;
  readonly field: Locator;
  readonly routingLine: Locator;
}

async function openPage(browser: Browser, server: ChatServer): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const field = page.getByRole('textbox', { name: 'Message' });
  return {
    page,
    context,
    server,
    field,
    routingLine: page.getByTestId('routing-line'),
    enter: async () => {
      await page.goto(`${server.url}/#token=${encodeURIComponent(ownerToken)}`);
    },
    say: async (text) => {
      await field.fill(text);
      await field.press('Enter');
    },
  };
}

/**
 * Opens a page before each test of the suite and closes it afterwards. A script error or something
 * that the content security policy refused fails the test.
 */
export function withOpenPage(): () => OpenPage {
  let browser: Browser;
  let current: OpenPage;
  let complaints: string[];
  before(async () => {
    const built = join(import.meta.dirname, '../../dist/index.html');
    assert.ok(existsSync(built), 'clients/web is not built: npm test builds it');
    browser = await chromium.launch(chromiumOptions);
  });
  after(() => browser.close());
  beforeEach(async () => {
    complaints = [];
    current = await openPage(browser, await startChatServer());
    current.page.on('pageerror', (error) => complaints.push(error.message));
    current.page.on('console', (line) => {
      if (/Content.Security.Policy/i.test(line.text())) complaints.push(line.text());
    });
  });
  afterEach(async () => {
    await current.context.close();
    await current.server.close();
    assert.deepEqual(complaints, []);
  });
  return () => current;
}

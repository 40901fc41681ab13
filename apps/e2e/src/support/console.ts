import { expect, type Locator, type Page } from '@playwright/test';
import { adminLogin, type TestServer } from '@aikore/testing';

/** The console's pages, by the marks that its templates carry for tests. */
export class Console {
  constructor(
    readonly page: Page,
    private readonly server: TestServer,
  ) {}

  /** The first page of a server without an admin: choose the password. */
  async setUp(): Promise<void> {
    await this.page.goto(await this.server.setupUrl());
    await expect(this.page.getByTestId('setup-form')).toBeVisible();
    await this.fill('username', adminLogin.username);
    await this.fill('password', adminLogin.password);
    await this.fill('password-again', adminLogin.password);
    await this.page.getByTestId('submit').click();
    await this.isLive();
  }

  async logIn(password: string = adminLogin.password): Promise<void> {
    await expect(this.page.getByTestId('login-form')).toBeVisible();
    await this.fill('username', adminLogin.username);
    await this.fill('password', password);
    await this.page.getByTestId('submit').click();
  }

  async openLoggedIn(): Promise<void> {
    await this.page.goto(this.server.url);
    await this.logIn();
    await this.isLive();
  }

  async isLive(): Promise<void> {
    await expect(this.page.getByTestId('connection-state')).toHaveAttribute('data-state', 'live', { timeout: 30_000 });
  }

  /** Add an instance with the row that the table offers. @param title of the blueprint, as the picker shows it */
  async add(name: string, title: string): Promise<void> {
    await this.page.getByTestId('add-instance').click();
    await this.fill('draft-name', name);
    await this.page.getByTestId('draft-blueprint').click();
    await this.page.getByTestId('picker-option').filter({ hasText: title }).first().click();
    await this.page.getByTestId('draft-create').click();
    await expect(this.row(name)).toBeVisible();
  }

  row(name: string): Locator {
    return this.page.getByTestId(`row-${name}`);
  }

  chip(name: string): Locator {
    return this.row(name).getByTestId('status-chip');
  }

  async status(name: string, status: string, timeout = 30_000): Promise<void> {
    await expect(this.chip(name)).toHaveAttribute('data-status', status, { timeout });
  }

  async act(name: string, action: 'start' | 'stop' | 'restart' | 'open' | 'logs' | 'delete'): Promise<void> {
    await this.row(name).getByTestId(`action-${action}`).click();
  }

  /** Open the app, as a person does: in a new tab. */
  async open(name: string): Promise<Page> {
    const [tab] = await Promise.all([this.page.context().waitForEvent('page'), this.act(name, 'open')]);
    return tab;
  }

  /** The pid that the status card shows. */
  async pid(name: string): Promise<number> {
    await this.chip(name).click();
    const text = await this.page.getByTestId('status-pid').innerText();
    await this.page.keyboard.press('Escape');
    await expect(this.page.getByTestId('status-card')).toHaveCount(0);
    return Number(text);
  }

  logLines(): Locator {
    return this.page.getByTestId('log-line');
  }

  private fill(mark: string, text: string): Promise<void> {
    return this.page.getByTestId(mark).fill(text);
  }
}

/** Whatever a page complains about; the list grows while the page lives. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  return complaints;
}

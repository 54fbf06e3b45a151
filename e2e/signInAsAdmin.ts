import type { Browsing } from './browse.ts';

const password = 'correct horse battery';

/** Makes the account that the stack's settings name as the first admin, confirms it by the mailbox page, and signs in. */
export async function signInAsAdmin({ page, stack, button }: Browsing, email: string): Promise<void> {
  await page.goto(`${stack.node.url}/sign-in`);
  await button('Make an account').first().click();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('New password').fill(password);
  await button('Make an account').click();
  await page.getByRole('link', { name: 'mailbox page' }).click();
  const href = await page.getByRole('link', { name: /#verify=/ }).first().getAttribute('href');
  // Mails name the site by the name that people call it by.
  await page.goto(`${stack.node.url}/sign-in${new URL(href ?? '').hash}`);
  await page.getByLabel('Password').fill(password);
  await button('Confirm and sign in').click();
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
}

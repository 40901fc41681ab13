/**
 * Opens a tab whose address comes later. The tab is made at once, in answer to the click: after the request a browser
 * would block it.
 *
 * @param address asks for it
 * @throws Error when the browser blocks the tab, and whatever `address` throws
 */
export async function openTab(address: () => Promise<string>): Promise<void> {
  const tab = window.open('', '_blank');
  try {
    const url = await address();
    if (!tab) throw new Error('The browser blocked the new tab. Allow pop-ups for this page.');
    tab.opener = null;
    tab.location.href = url;
  } catch (error) {
    tab?.close();
    throw error;
  }
}

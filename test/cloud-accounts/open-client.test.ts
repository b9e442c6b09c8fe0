import { expect, test, vi } from 'vitest';
import { openClient } from '../../src/cloud-accounts/aws/open-client.ts';

test.each(['known', 'missing'])('Of a client whose region is %s, nothing stays open', async (region) => {
  const destroy = vi.fn();
  class Client {
    readonly destroy = destroy;
    readonly config = {
      region: async () => (region === 'known' ? 'eu-west-1' : Promise.reject(new Error('Region is missing'))),
    };
  }
  const opened = openClient(Client, { region: undefined, signal: AbortSignal.timeout(60_000) });
  if (region === 'known') {
    const { close, region: asked } = await opened;
    expect(asked).toBe('eu-west-1');
    expect(destroy).not.toHaveBeenCalled();
    close();
  } else {
    await expect(opened).rejects.toMatchObject({ code: 'SPACECTL_MISSING_INPUT' });
  }
  expect(destroy).toHaveBeenCalledOnce();
});

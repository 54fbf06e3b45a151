import { expect, test } from 'vitest';
import { startStack } from './stack.ts';
import { tellStory } from './tell.ts';

test('the whole story, and everything is still there after a restart', async () => {
  const stack = await startStack();
  try {
    const result = await tellStory(stack, () => undefined);
    expect(result).toMatchObject({ verified: true, attestations: 3 });
    for (const gas of Object.values(result.gas)) expect(gas).toBeGreaterThan(20_000);
    const alice = await stack.client('alice');
    const before = await Promise.all([alice.api.getOrder({ orderId: result.orderId }), alice.api.getJob({ jobId: result.jobId }), alice.api.listAssets({})]);
    await stack.restart();
    const after = await Promise.all([alice.api.getOrder({ orderId: result.orderId }), alice.api.getJob({ jobId: result.jobId }), alice.api.listAssets({})]);
    expect(after).toEqual(before);
  } finally {
    await stack.stop();
  }
}, 180_000);

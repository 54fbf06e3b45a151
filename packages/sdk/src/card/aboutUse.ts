import type { CardSection, CardSource } from './card.ts';
import { useInPython, useInShell, useInTypeScript, verifyInShell } from './usageCode.ts';

/** Where it comes from, how to check that, and how to use it. */
export function aboutUse(source: CardSource): CardSection[] {
  const { receipt, receiptDigest, spec } = source;
  const { body } = receipt;
  return [
    {
      title: 'Lineage',
      blocks: [{
        kind: 'table', head: ['What', 'Id'], rows: [
          ['Run', body.jobId], ['Dataset', `asset ${spec.input.assetId}, version ${spec.input.version}`], ['Worker', receipt.worker], ['Spec', body.specDigest], ['Receipt', receiptDigest], ['Model', body.modelDigest],
          ['Engine', body.engineId], ['Checkpoints', `${body.checkpointDigests.length}, root ${body.checkpointRoot}`],
        ],
      }],
    },
    {
      title: 'Verify it',
      blocks: [
        { kind: 'text', text: 'The receipt and this card can be checked by everybody; whoever has the rows repeats the run to the same model, bit for bit.' },
        { kind: 'code', language: 'sh', code: verifyInShell(source) },
      ],
    },
    {
      title: 'Use it',
      blocks: [
        { kind: 'code', language: 'sh', code: useInShell(source) },
        { kind: 'code', language: 'ts', code: useInTypeScript() },
        ...(spec.train.task === 'classification' || spec.train.task === 'regression' ? [{ kind: 'code' as const, language: 'python', code: useInPython(source) }] : []),
      ],
    },
  ];
}

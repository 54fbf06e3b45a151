import { type Kernels, openKernels } from '../kernels/index.ts';
import { openEncoder } from '../prepare/designSource.ts';
import { openExchange } from './exchange.ts';
import { ASKED, CALL, CALLER_SLEEPS, DONE, ENCODE, FAILED, GIVE, MEET, MEMBER_SLEEPS, READ, TAKE, type Views, WRITE, blockOf, kernelNames, passTurn, viewsOf, waitWhile } from './mailbox.ts';
import type { MemberSetup } from './memberMessage.ts';
import { type Hands, perform } from './ops.ts';

/** A member's whole life: says when it is ready, waits for rounds and does them, until its thread is ended. Blocks its thread. */
export async function serveMember(setup: MemberSetup, ready: () => void): Promise<never> {
  const module = new WebAssembly.Module(Uint8Array.from(setup.module));
  const kernels = await openKernels(() => new WebAssembly.Instance(module).exports as unknown as Kernels);
  const exchange = openExchange(setup.exchange, setup.member, setup.size);
  const hands = { kernels, encode: openEncoder(kernels, setup.source), exchange };
  const names = kernelNames(kernels);
  ready();
  const views = viewsOf(setup.mailbox);
  const { control } = views;
  for (;;) {
    let turn = Atomics.load(control, 0);
    while (turn !== ASKED) turn = waitWhile(control, turn, MEMBER_SLEEPS);
    let outcome = DONE;
    try {
      performAll(hands, names, views);
    } catch {
      outcome = FAILED;
      exchange.breakUp();
    }
    passTurn(control, outcome, CALLER_SLEEPS);
  }
}

function performAll(hands: Hands, names: string[], { control, words, data }: Views): void {
  let word = 0;
  let used = 0;
  for (let left = control[1] ?? 0; left > 0; left -= 1) {
    const kind = words[word] as number;
    const first = words[word + 1] as number;
    const count = words[word + 2] as number;
    const args: number[] = [];
    for (let index = word + 3; index < word + 3 + count; index += 1) args.push(words[index] as number);
    const [bytes = 0, second = 0, third = 0] = args;
    if (kind === CALL) words[word + 1] = Number(perform(hands, { call: names[first] ?? '', args }));
    else if (kind === ENCODE) words[word + 1] = Number(perform(hands, { encode: blockOf(first, args) }));
    else if (kind === WRITE) perform(hands, { write: first, from: data.subarray(used, used + bytes) });
    else if (kind === READ) data.set(new Uint8Array(hands.kernels.memory.buffer, first, bytes), used);
    else if (kind === GIVE) perform(hands, { give: first, bytes, at: second });
    else if (kind === MEET) perform(hands, { meet: true });
    else if (kind === TAKE) perform(hands, { take: first, bytes, from: second, at: third });
    if (kind === WRITE || kind === READ) used += bytes;
    word += 3 + count;
  }
}

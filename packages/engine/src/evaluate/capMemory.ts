const PAGE = 65_536;

/** No WebAssembly memory made after this grows beyond `megabytes`: asking for more fails inside the module. */
export function capMemory(megabytes: number): void {
  const most = Math.floor((megabytes * 2 ** 20) / PAGE);
  const { Memory } = WebAssembly;
  const Capped = function capped(descriptor: WebAssembly.MemoryDescriptor): WebAssembly.Memory {
    return new Memory({ ...descriptor, maximum: Math.min(descriptor.maximum ?? most, most) });
  };
  Capped.prototype = Memory.prototype;
  Object.defineProperty(WebAssembly, 'Memory', { value: Capped });
}

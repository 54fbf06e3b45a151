// One bump allocator per instance. An instance lives for one run, so nothing is ever freed.

let top: usize = (__heap_base + 15) & ~15;

/** Hands out `bytes` zeroed bytes, 16-byte aligned; 0 when the memory cannot grow. */
export function allocate(bytes: usize): usize {
  const start = top;
  const end = (start + bytes + 15) & ~15;
  if (end < start) return 0;
  const have = <usize>memory.size() << 16;
  if (end > have) {
    const pages = <i32>((end - have + 0xffff) >> 16);
    if (memory.grow(pages) < 0) return 0;
  }
  top = end;
  return start;
}

// Softmax regression by gradient descent: a whole algorithm for NeuroData in one file.
// Shapes: design [rows, width] f64 row by row, targets [rows] f64 class indices, weights [classes, width + 1] f64.

let rows: i32 = 0;
let width: i32 = 0;
let classes: i32 = 0;
let design: usize = 0;
let targets: usize = 0;
let weights: usize = 0;
let gradient: usize = 0;
let margins: usize = 0;
let lastLoss: f64 = 0;
let rate: f64 = 1;

let top: usize = (__heap_base + 15) & ~15;

/** Hands out memory, 16-byte aligned; 0 where there is none left. The host gives all memory at the start: it cannot grow. */
export function allocate(bytes: i32): usize {
  const pointer = top;
  const end = (pointer + <usize>bytes + 15) & ~15;
  if (end > (<usize>memory.size() << 16)) return 0;
  top = end;
  return pointer;
}

/** Learns the problem's shape. 0 when all is well; settings are `{"rate":0.5}`, read as far as this example needs. */
export function start(
  designAt: usize, rowCount: i32, columns: i32, targetsAt: usize, classCount: i32, task: i32, settings: usize, settingsBytes: i32,
): i32 {
  if (task != 0) return 1;
  rows = rowCount;
  design = designAt;
  targets = targetsAt;
  rate = readRate(settings, settingsBytes);
  if (!(rate > 0)) return 2;
  if (!shape(columns, classCount)) return 3;
  lastLoss = pass();
  return 0;
}

function shape(columns: i32, classCount: i32): bool {
  width = columns;
  classes = classCount;
  weights = allocate(size());
  gradient = allocate(size());
  margins = allocate(classes << 3);
  return weights != 0 && gradient != 0 && margins != 0;
}

function size(): i32 {
  return (classes * (width + 1)) << 3;
}

/** The digits after `"rate":`, with a point; 1 where there are none. */
function readRate(at: usize, bytes: i32): f64 {
  let value: f64 = 0;
  let scale: f64 = 0;
  let seen = false;
  for (let i = 0; i < bytes; i++) {
    const code = load<u8>(at + i);
    if (code >= 48 && code <= 57) {
      seen = true;
      if (scale == 0) value = value * 10 + <f64>(code - 48);
      else {
        value += <f64>(code - 48) / scale;
        scale *= 10;
      }
    } else if (code == 46 && seen) scale = 10;
  }
  return seen ? value : 1;
}

/** Probabilities of a row, in `margins`. */
function probabilities(row: usize): void {
  let most: f64 = -Infinity;
  for (let c = 0; c < classes; c++) {
    const w = weights + ((<usize>c * (width + 1)) << 3);
    let sum = load<f64>(w);
    for (let j = 0; j < width; j++) sum += load<f64>(w + (<usize>(j + 1) << 3)) * load<f64>(row + (<usize>j << 3));
    store<f64>(margins + (<usize>c << 3), sum);
    if (sum > most) most = sum;
  }
  let total: f64 = 0;
  for (let c = 0; c < classes; c++) {
    const e = Math.exp(load<f64>(margins + (<usize>c << 3)) - most);
    store<f64>(margins + (<usize>c << 3), e);
    total += e;
  }
  for (let c = 0; c < classes; c++) store<f64>(margins + (<usize>c << 3), load<f64>(margins + (<usize>c << 3)) / total);
}

/** Mean log-loss over all rows, the gradient of which is left in `gradient`. */
function pass(): f64 {
  for (let i = 0; i < size(); i += 8) store<f64>(gradient + i, 0);
  let loss: f64 = 0;
  for (let r = 0; r < rows; r++) {
    const row = design + ((<usize>r * width) << 3);
    probabilities(row);
    const target = <i32>load<f64>(targets + (<usize>r << 3));
    loss -= Math.log(max(load<f64>(margins + (<usize>target << 3)), 1e-300));
    for (let c = 0; c < classes; c++) {
      const error = (load<f64>(margins + (<usize>c << 3)) - (c == target ? 1.0 : 0.0)) / <f64>rows;
      const g = gradient + ((<usize>c * (width + 1)) << 3);
      store<f64>(g, load<f64>(g) + error);
      for (let j = 0; j < width; j++) {
        const at = g + (<usize>(j + 1) << 3);
        store<f64>(at, load<f64>(at) + error * load<f64>(row + (<usize>j << 3)));
      }
    }
  }
  return loss / <f64>rows;
}

/** One descent. 0 when the loss has stopped falling: there is nothing more to do. */
export function step(): i32 {
  for (let i = 0; i < size(); i += 8) store<f64>(weights + i, load<f64>(weights + i) - rate * load<f64>(gradient + i));
  const before = lastLoss;
  lastLoss = pass();
  return before - lastLoss > 1e-6 ? 1 : 0;
}

export function loss(): f64 {
  return lastLoss;
}

// The state, and the model, are the weights: from them everything else is computed again.

export function statePointer(): usize {
  return weights;
}

export function stateSize(): i32 {
  return size();
}

export function restore(pointer: usize, bytes: i32): i32 {
  if (bytes != size()) return 1;
  for (let i = 0; i < bytes; i += 8) store<f64>(weights + i, load<f64>(pointer + i));
  lastLoss = pass();
  return 0;
}

export function modelPointer(): usize {
  const model = allocate(16 + size());
  store<i32>(model, classes);
  store<i32>(model, width, 4);
  for (let i = 0; i < size(); i += 8) store<f64>(model + 16 + i, load<f64>(weights + i));
  return model;
}

export function modelSize(): i32 {
  return 16 + size();
}

/** Reads what `modelPointer` wrote, in another instance. */
export function load_(pointer: usize, bytes: i32): i32 {
  if (bytes < 16) return 1;
  const classCount = load<i32>(pointer);
  const columns = load<i32>(pointer, 4);
  if (classCount < 2 || columns < 1 || <i64>classCount * (<i64>columns + 1) * 8 + 16 != <i64>bytes) return 1;
  if (!shape(columns, classCount)) return 2;
  for (let i = 0; i < size(); i += 8) store<f64>(weights + i, load<f64>(pointer + 16 + i));
  return 0;
}
export { load_ as load };

export function outputs(): i32 {
  return classes;
}

export function predict(designAt: usize, count: i32, out: usize): i32 {
  for (let r = 0; r < count; r++) {
    probabilities(designAt + ((<usize>r * width) << 3));
    for (let c = 0; c < classes; c++) store<f64>(out + ((<usize>r * classes + c) << 3), load<f64>(margins + (<usize>c << 3)));
  }
  return 0;
}

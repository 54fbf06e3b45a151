import { readBody } from '../algorithms/perceptron/multilayerPerceptron.ts';
import { canonicalJson } from '../canonicalJson.ts';
import { EngineError } from '../errors.ts';
import { parseModel } from '../model/model.ts';
import { designWidth } from '../prepare/fittedFeature.ts';
import { designNames } from './designNames.ts';

/**
 * A multilayer perceptron as safetensors bytes, the format of https://github.com/huggingface/safetensors: u64 length of
 * the header, header (JSON, filled up with spaces to a multiple of 8), tensors. For each layer `layers.N.weight`, F32
 * [outputs, inputs], and `layers.N.bias`, F32 [outputs], as PyTorch's `nn.Linear` holds them: a module with
 * `layers = nn.ModuleList([nn.Linear(...), ...])` and ReLU between them takes them by `load_state_dict`. The inputs are the
 * columns after preprocessing. `__metadata__` says in texts what tensors cannot: columns, classes, output, target scale.
 *
 * @throws EngineError BAD_MODEL; NO_EXPORT for other algorithms
 */
export function exportSafetensors(bytes: Uint8Array): Uint8Array {
  const model = parseModel(bytes);
  const { algorithm, task, classes, parameters, features, target, engineId } = model;
  if (algorithm !== 'multilayer-perceptron') throw new EngineError('NO_EXPORT', `A model by ${algorithm} is not made of tensors: export it as ONNX or JSON.`);
  const { network, weights, mean, deviation } = readBody(model.body, { width: designWidth(features), classes, task, parameters });
  const tensors: { name: string; shape: number[]; values: Float32Array }[] = network.layers.flatMap(({ inputs, outputs, lanes, at }, layer) => [
    { name: `layers.${layer}.weight`, shape: [outputs, inputs], values: Float32Array.from({ length: outputs * inputs }, (_, index) => weights[at + (index % inputs) * lanes + Math.floor(index / inputs)] ?? 0) },
    { name: `layers.${layer}.bias`, shape: [outputs], values: weights.subarray(at + inputs * lanes, at + inputs * lanes + outputs) },
  ]);
  const scale = task === 'regression' ? { 'neurodata.prediction': 'output * deviation + mean', 'neurodata.mean': String(mean), 'neurodata.deviation': String(deviation) } : { 'neurodata.classes': canonicalJson(classes) };
  return writeTensors(tensors, {
    format: 'pt', 'neurodata.engineId': engineId, 'neurodata.target': target ?? '', 'neurodata.columns': canonicalJson(designNames(features)),
    'neurodata.output': ['number', 'logit of the second class', 'logits of the classes'][network.kind] ?? '', ...scale,
  });
}

function writeTensors(tensors: readonly { name: string; shape: number[]; values: Float32Array }[], metadata: Record<string, string>): Uint8Array {
  let end = 0;
  const entries = tensors.map(({ name, shape, values }) => {
    const start = end;
    end += values.length * 4;
    return [name, { dtype: 'F32', shape, data_offsets: [start, end] }] as const;
  });
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const text = new TextEncoder().encode(json);
  const header = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + header + end).fill(0x20, 8, 8 + header);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(header), true);
  bytes.set(text, 8);
  let at = 8 + header;
  for (const { values } of tensors) {
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}

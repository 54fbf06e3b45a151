import { exportOnnx, exportSafetensors, modelToJson } from '@neurodata/engine/export';
import { writeAtomic } from './atomicFile.ts';
import type { Context, Result } from './context.ts';
import { megabytes } from './progress.ts';
import { readModelBytes } from './predictRows.ts';

export const exportFormats = ['onnx', 'safetensors', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** A model's bytes in a format that other programs read. @throws EngineError BAD_MODEL, NO_EXPORT */
export function exportedModel(model: Uint8Array, format: ExportFormat): Uint8Array {
  if (format === 'onnx') return exportOnnx(model);
  if (format === 'safetensors') return exportSafetensors(model);
  return new TextEncoder().encode(`${JSON.stringify(modelToJson(model), null, 2)}\n`);
}

/** Writes a model (file, order or own run) to a file in another format. */
export async function exportModel(context: Context, source: string, options: { format: ExportFormat; out: string }): Promise<Result> {
  const bytes = exportedModel(await readModelBytes(context, source), options.format);
  await writeAtomic(options.out, bytes);
  return { value: { file: options.out, format: options.format, bytes: bytes.length }, text: `Wrote ${options.out} (${options.format}, ${megabytes(bytes.length)})` };
}

import { type Algorithm, type ParameterValues, type TrainSpecInput, algorithms } from '@neurodata/engine';

/** A run that every machine must end alike: with the same bytes, or with the same refusal. */
export type MatrixCase = { name: string; table: 'penguins' | 'weather' | 'odd'; spec: TrainSpecInput };

/** Smaller than the defaults wherever an algorithm has the parameter, so that the whole matrix takes seconds. */
const small: ParameterValues = { n_estimators: 6, max_iter: 12, hidden_layer_sizes: [8], n_init: 2, n_components: 2, n_clusters: 3, max_depth: 6 };

const numeric = (name: string) => ({ name, kind: 'numeric' as const });
const categorical = (name: string) => ({ name, kind: 'categorical' as const });
const beak = [numeric('Beak Length (mm)'), numeric('Beak Depth (mm)'), numeric('Flipper Length (mm)'), categorical('Island'), categorical('Sex')];
const targets = {
  penguins: { classification: 'Species', regression: 'Body Mass (g)', features: beak },
  weather: { classification: 'weather', regression: 'temp_max', features: ['precipitation', 'temp_min', 'wind'].map(numeric) },
  odd: { classification: 'y', regression: 'size', features: [...['tiny', 'huge', 'zero', 'constant', 'twice', 'twin', 'absent'].map(numeric), categorical('word'), categorical('same')] },
} as const;

/** Every algorithm and task on every table; `module` is that of the example of an own algorithm, as base64. */
export function matrixCases(module: string): MatrixCase[] {
  return algorithms.flatMap((algorithm) => algorithm.tasks.flatMap((task) => (['penguins', 'weather', 'odd'] as const).map((table): MatrixCase => {
    const { features } = targets[table];
    const target = task === 'classification' || task === 'regression' ? targets[table][task] : null;
    return {
      name: `${algorithm.name} ${task} ${table}`, table,
      spec: {
        algorithm: algorithm.name, task, target, features: [...features], parameters: { ...parametersOf(algorithm), ...(algorithm.name === 'custom' ? { module, max_steps: 20 } : {}) },
        split: { rule: 'hash-rank', seed: 7, testFraction: 0.25 }, limits: { maxSteps: 2_000, maxBytes: 256 * 1024 * 1024 },
      },
    };
  })));
}

function parametersOf(algorithm: Algorithm): ParameterValues {
  return Object.fromEntries(Object.entries(small).filter(([name]) => algorithm.parameters.some((parameter) => parameter.name === name)));
}

/** Denormals, -0, huge and tiny numbers, a constant, twins, duplicate rows, a column without a number, missing cells. */
export function oddTable(): string {
  const rows = Array.from({ length: 97 }, (_, index) => {
    const i = index % 89;
    return [
      i % 3 === 0 ? 'no' : i % 3 === 1 ? 'yes' : 'maybe', (i * 37) % 11, ['5e-324', '-2.5e-310', '1e-300', '0', '-0'][i % 5], ['1e140', '-3e139', '2', '-1e-9', '1e100'][(i * 3) % 5],
      i % 2 === 0 ? '-0' : '0', 7, i, i * 2, '', i % 7 === 0 ? 'NA' : ['red', 'grün', '"a, ""b"""'][i % 3], 'x',
    ].join(',');
  });
  return ['y,size,tiny,huge,zero,constant,twice,twin,absent,word,same', ...rows].join('\n');
}

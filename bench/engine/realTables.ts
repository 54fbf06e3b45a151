import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

type Row = Record<string, string | number | null>;

/** A real table: a number to predict, two classes to tell apart, and the columns that neither is made of. */
export type RealTable = { name: string; csv: Uint8Array; number: string; classes: string; numeric: string[]; categorical: string[] };

const folder = join(dirname(fileURLToPath(import.meta.resolve('vega-datasets'))), '../data');

/** Five tables of vega-datasets (public domain, CC0 and BSD). The two classes are made of a column each. */
export function realTables(): RealTable[] {
  return [
    tableOf('penguins', rowsOf('penguins.json').map((row) => ({ ...row, class: row['Species'] === 'Adelie' ? 'yes' : 'no' })), {
      number: 'Body Mass (g)', numeric: ['Beak Length (mm)', 'Beak Depth (mm)', 'Flipper Length (mm)'], categorical: ['Sex'],
    }),
    tableOf('seattle-weather', csvRows('seattle-weather.csv').map((row) => ({ ...row, class: row['weather'] === 'rain' ? 'yes' : 'no' })), {
      number: 'temp_max', numeric: ['temp_min', 'wind'], categorical: [],
    }),
    tableOf('birdstrikes', csvRows('birdstrikes.csv').map((row) => ({ ...row, class: row['Effect Amount of damage'] === 'None' ? 'no' : 'yes' })), {
      number: 'Speed IAS in knots', numeric: [], categorical: ['Phase of flight', 'Wildlife Size', 'Time of day', 'Aircraft Airline Operator', 'Origin State'],
    }),
    tableOf('earthquakes', earthquakes(), { number: 'mag', numeric: ['longitude', 'latitude', 'depth', 'gap', 'rms'], categorical: ['net'] }),
    tableOf('flights', flights(), { number: 'delay', numeric: ['distance', 'hour', 'day', 'month'], categorical: ['origin'] }),
  ];
}

function earthquakes(): Row[] {
  type Feature = { properties: Row; geometry: { coordinates: [number, number, number] } };
  const { features } = JSON.parse(readFileSync(join(folder, 'earthquakes.json'), 'utf8')) as { features: Feature[] };
  return features.map(({ properties, geometry: { coordinates: [longitude, latitude, depth] } }) => ({ ...properties, longitude, latitude, depth, class: Number(properties['mag']) > 1.5 ? 'yes' : 'no' }));
}

function flights(): Row[] {
  return rowsOf('flights-10k.json').map((row) => {
    const [, month = 0, day = 0, hour = 0] = String(row['date']).split(/[/ :]/).map(Number);
    return { ...row, month, day, hour, class: Number(row['delay']) > 15 ? 'yes' : 'no' };
  });
}

function rowsOf(file: string): Row[] {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as Row[];
}

/** These files quote nothing. */
function csvRows(file: string): Row[] {
  const [header = '', ...lines] = readFileSync(join(folder, file), 'utf8').trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index] ?? '', cell])));
}

function tableOf(name: string, rows: Row[], columns: Omit<RealTable, 'name' | 'csv' | 'classes'>): RealTable {
  const names = [columns.number, 'class', ...columns.numeric, ...columns.categorical];
  const quoted = (value: string | number | null | undefined): string => `"${String(value ?? '').replaceAll('"', '""')}"`;
  const lines = rows.map((row) => names.map((column) => quoted(row[column])).join(','));
  return { name, classes: 'class', ...columns, csv: new TextEncoder().encode([names.map(quoted).join(','), ...lines].join('\n')) };
}

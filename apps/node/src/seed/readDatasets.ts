import type { Description } from '@neurodata/protocol';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';

/** A dataset to publish: one CSV file with what a reader wants to know about it. Prices in whole NCR. */
export type SeedDataset = { fileName: string; csv: Uint8Array; description: Description; downloadPrice: string; computePrice: string };

/** The datasets that come with the npm package vega-datasets and may be sold on: their licences allow it. */
export async function readDatasets(): Promise<SeedDataset[]> {
  return [
    {
      fileName: 'palmer-penguins.csv',
      csv: await readPenguins(),
      downloadPrice: '25',
      computePrice: '2',
      description: {
        title: 'Palmer Penguins',
        description: [
          'Can you tell a penguin by its beak? 344 penguins of three species, measured on three islands of the Palmer Archipelago in Antarctica.',
          'Each row is one bird: species (Adelie, Chinstrap or Gentoo), island, beak length and depth and flipper length in millimetres, body mass in grams, sex.',
          'A friendly table for a first classifier: species is the usual target and the measurements separate it well; a few cells are missing, as in real field work.',
          'Collected by Dr. Kristen Gorman with the Palmer Station Long-Term Ecological Research program. One unreadable sex ("." in the source) is left empty here.',
        ].join('\n\n'),
        license: 'CC0-1.0',
        source: 'Horst AM, Hill AP, Gorman KB (2020), palmerpenguins, https://github.com/allisonhorst/palmerpenguins; data: Palmer Station Antarctica LTER, https://pal.lternet.edu/; by way of vega-datasets',
        tags: ['biology', 'ecology', 'antarctica', 'penguins', 'classification', 'tabular'],
      },
    },
    {
      fileName: 'seattle-weather.csv',
      csv: new Uint8Array(await readFile(dataFile('seattle-weather.csv'))),
      downloadPrice: '10',
      computePrice: '1',
      description: {
        title: 'Seattle Weather 2012-2015',
        description: [
          'Four years of Seattle, day by day: 1,461 days with precipitation in millimetres, highest and lowest temperature in degrees Celsius, wind, and what the day was like.',
          'The last column names the weather: drizzle, rain, snow, sun or fog. Predict it from the measurements, or look for the summers.',
          'The weather column was derived from several fields of the original record; the table is meant for learning, not for forecasting.',
        ].join('\n\n'),
        license: 'https://www.usa.gov/government-works',
        source: 'NOAA National Climatic Data Center, https://www.ncdc.noaa.gov/cdo-web/datatools/records; by way of vega-datasets',
        tags: ['weather', 'climate', 'seattle', 'time series', 'classification', 'tabular'],
      },
    },
  ];
}

function dataFile(name: string): string {
  const entry = createRequire(import.meta.url).resolve('vega-datasets');
  return path.join(path.dirname(entry), '..', 'data', name);
}

const penguinColumns = ['Species', 'Island', 'Beak Length (mm)', 'Beak Depth (mm)', 'Flipper Length (mm)', 'Body Mass (g)', 'Sex'] as const;
const penguinsSchema = z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()])));

async function readPenguins(): Promise<Uint8Array> {
  const rows = penguinsSchema.parse(JSON.parse(await readFile(dataFile('penguins.json'), 'utf8')));
  const lines = rows.map((row) => penguinColumns.map((column) => toCell(row[column])).join(','));
  return new TextEncoder().encode(`${[penguinColumns.join(','), ...lines].join('\n')}\n`);
}

function toCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined || value === '.') return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

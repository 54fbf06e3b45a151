"""Prints scikit-learn's cross-validation of logistic regression on Seattle's weather, with the engine's folds, for selection.test.ts:
python3 packages/engine/test/sklearn_selection.py node_modules/vega-datasets/data/seattle-weather.csv"""
import csv
import sys

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import PredefinedSplit, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

MASK = 2**64 - 1


def key(seed, row):
    z = (seed + (row + 1) * 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


with open(sys.argv[1]) as file:
    rows = list(csv.DictReader(file))
x = np.array([[float(row[name]) for name in ("precipitation", "temp_max", "temp_min", "wind")] for row in rows])
y = np.array([row["weather"] for row in rows])
ranked = sorted(range(len(rows)), key=lambda row: key(7, row))
train = sorted(ranked[int(len(rows) * 0.25):])
ranked = sorted(train, key=lambda row: key(11, row))
fold_of = {row: fold for fold in range(5) for row in ranked[len(train) * fold // 5: len(train) * (fold + 1) // 5]}
print("scikit-learn", sklearn.__version__)
for c in (0.001, 0.1, 10):
    model = make_pipeline(StandardScaler(), LogisticRegression(C=c, tol=1e-10, max_iter=1000))
    found = cross_validate(model, x[train], y[train], cv=PredefinedSplit([fold_of[row] for row in train]), scoring=("accuracy", "neg_log_loss", "f1_macro"))
    print(c, {name: (found[f"test_{name}"].mean(), found[f"test_{name}"].std()) for name in ("accuracy", "neg_log_loss", "f1_macro")})

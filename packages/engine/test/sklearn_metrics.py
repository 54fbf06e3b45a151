"""Prints scikit-learn's figures for the tables of metrics.test.ts: python3 packages/engine/test/sklearn_metrics.py"""
import json

import numpy as np
import sklearn
from sklearn import metrics as m
from sklearn.calibration import calibration_curve


def draws(seed, count):
    """Numerical Recipes' linear congruential generator, as in the test."""
    values = []
    for _ in range(count):
        seed = (seed * 1664525 + 1013904223) % 2**32
        values.append(seed / 2**32)
    return values


def class_scores(y, outputs):
    guess = outputs.argmax(1)
    binary = outputs.shape[1] == 2
    ranked = outputs[:, 1] if binary else outputs
    return {
        "accuracy": m.accuracy_score(y, guess),
        "balancedAccuracy": m.balanced_accuracy_score(y, guess),
        "f1": m.f1_score(y, guess, average="macro"),
        "rocAuc": m.roc_auc_score(y, ranked, multi_class="ovr"),
        "prAuc": m.average_precision_score(y if binary else np.eye(outputs.shape[1])[y], ranked, average="macro"),
        "logLoss": m.log_loss(y, outputs),
        "brier": m.brier_score_loss(y, ranked),
        "confusion": m.confusion_matrix(y, guess).tolist(),
    }


def two_classes():
    u = draws(1, 400)
    p = np.array([round(v * 20) / 20 for v in u[:200]])
    y = np.array([1 if u[200 + i] < p[i] else 0 for i in range(200)])
    observed, predicted = calibration_curve(y, p, n_bins=10)
    return class_scores(y, np.column_stack([1 - p, p])) | {"predicted": predicted.tolist(), "observed": observed.tolist()}


def three_classes():
    u = draws(2, 800)
    parts = np.array(u[:600]).reshape(150, 4)[:, :3] + 0.01
    outputs = parts / parts.sum(1, keepdims=True)
    last = np.array(u[:600]).reshape(150, 4)[:, 3]
    y = np.where(last < outputs[:, 0], 0, np.where(last < outputs[:, 0] + outputs[:, 1], 1, 2))
    return class_scores(y, outputs)


def numbers():
    u = draws(3, 200)
    y = np.array(u[:100]) * 10 - 3
    p = y + np.array(u[100:]) - 0.5
    return {"r2": m.r2_score(y, p), "rmse": m.root_mean_squared_error(y, p), "mae": m.mean_absolute_error(y, p)}


def clusters():
    rows = np.array(draws(4, 300)).reshape(100, 3)
    labels = np.where(rows[:, 0] < 0.3, 0, np.where(rows[:, 0] < 0.97, 1, 2))
    return {"silhouette": m.silhouette_score(rows, labels)}


print("scikit-learn", sklearn.__version__)
for figures in (two_classes(), three_classes(), numbers(), clusters()):
    print(json.dumps(figures))

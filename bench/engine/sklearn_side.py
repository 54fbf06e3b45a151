"""scikit-learn's half of the engine's bench: one JSON command a line on stdin, one JSON answer a line on stdout."""
import json
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.utils import all_estimators
from threadpoolctl import threadpool_limits

warnings.simplefilter('ignore')
names = {'np': np, **dict(all_estimators())}
data = {}
fitted = {}


def load(command):
    rows, width, train = command['rows'], command['width'], command['trainRows']
    design = np.fromfile(command['design'], dtype=np.float64).reshape(rows, width)
    data['X'], data['test'] = np.ascontiguousarray(design[:train]), np.ascontiguousarray(design[train:])
    data['y'] = None
    if command['target'] is not None:
        target = np.fromfile(command['target'], dtype=np.float64)[:train]
        data['y'] = target.astype(np.int64) if command['classification'] else target
    fitted.clear()
    return {}


def fit(command):
    with threadpool_limits(command['threads']):
        estimator = eval(command['estimator'], {**names, 'threads': command['threads']})
        start = time.perf_counter()
        estimator.fit(data['X'], data['y'])
        taken = time.perf_counter() - start
        if command['timed'] == 'predict':
            start = time.perf_counter()
            getattr(estimator, command['method'])(data['test'])
            taken = time.perf_counter() - start
    fitted[command['estimator']] = estimator
    return {'ms': taken * 1000}


def output(command):
    answer = np.asarray(getattr(fitted[command['estimator']], command['method'])(data['test']), dtype=np.float64)
    answer.tofile(command['path'])
    return {'width': 1 if answer.ndim == 1 else answer.shape[1]}


verbs = {'load': load, 'fit': fit, 'output': output, 'version': lambda _: {'version': sklearn.__version__}}
for line in sys.stdin:
    command = json.loads(line)
    print(json.dumps(verbs[command['do']](command)), flush=True)

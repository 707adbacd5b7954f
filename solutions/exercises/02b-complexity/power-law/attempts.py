# %% misconception="no-logarithms"
# The line is fitted to the numbers themselves; its slope is a cost, not an exponent.
# Remedy: Fit the logarithms of the costs to the logarithms of the sizes.

# %% wrong misconception="no-logarithms" variant=1 loses="exact,least-squares,from-size"
def power_law(sizes, costs, from_size):
    kept = sizes >= from_size
    slope, intercept = np.polyfit(sizes[kept], costs[kept], 1)
    return {"exponent": float(slope), "coefficient": float(intercept)}


# %% wrong misconception="no-logarithms" variant=2 loses="exact,least-squares,from-size"
def power_law(sizes, costs, from_size):
    x, y = sizes[sizes >= from_size], costs[sizes >= from_size]
    dx = x - x.mean()
    slope = (dx * y).sum() / (dx * dx).sum()
    return {"exponent": float(slope), "coefficient": float(y.mean() - slope * x.mean())}


# %% wrong misconception="no-logarithms" variant=1 loses="exact,least-squares,from-size"
def power_law(sizes, costs, from_size):
    kept = sizes >= from_size
    slope, intercept = np.polyfit(sizes[kept], costs[kept], 1)
    return {"exponent": float(slope), "coefficient": float(np.exp(intercept))}


# %% wrong misconception="no-logarithms" variant=2 loses="exact,least-squares,from-size"
def power_law(sizes, costs, from_size):
    kept = sizes >= from_size
    line = np.polynomial.Polynomial.fit(sizes[kept], costs[kept], 1).convert()
    return dict(exponent=float(line.coef[1]), coefficient=float(np.exp(line.coef[0])))


# %% misconception="ends-only"
# The line is drawn through the first and the last point, whose noise it takes over in full.
# Remedy: Fit all points by least squares.


# %% wrong misconception="ends-only" variant=1 loses="least-squares"
def power_law(sizes, costs, from_size):
    x, y = np.log(sizes[sizes >= from_size]), np.log(costs[sizes >= from_size])
    slope = (y[-1] - y[0]) / (x[-1] - x[0])
    return {"exponent": float(slope), "coefficient": float(np.exp(y[0] - slope * x[0]))}


# %% wrong misconception="ends-only" variant=2 loses="least-squares"
import math


def power_law(sizes, costs, from_size):
    points = [(float(s), float(c)) for s, c in zip(sizes, costs) if s >= from_size]
    (first, cheap), (last, dear) = points[0], points[-1]
    exponent = math.log(dear / cheap, last / first)
    return {"exponent": exponent, "coefficient": dear / last**exponent}


# %% misconception="overhead-included"
# The small sizes are fitted too, where a fixed overhead hides the growth.
# Remedy: Drop the sizes below `from_size` first.


# %% wrong misconception="overhead-included" variant=1 loses="from-size"
def power_law(sizes, costs, from_size):
    slope, intercept = np.polyfit(np.log(sizes), np.log(costs), 1)
    return {"exponent": float(slope), "coefficient": float(np.exp(intercept))}


# %% wrong misconception="overhead-included" variant=2 loses="from-size"
def power_law(sizes, costs, from_size):
    columns = np.stack([np.log2(sizes), np.ones(len(sizes))], axis=1)
    (slope, intercept), *_ = np.linalg.lstsq(columns, np.log2(costs), rcond=None)
    return dict(exponent=float(slope), coefficient=float(2**intercept))


# %% misconception="from-size-left-out"
# The size `from_size` itself is left out; the fit begins with it.
# Remedy: Keep the points with `sizes >= from_size`.


# %% wrong misconception="from-size-left-out" variant=1 loses="least-squares"
def power_law(sizes, costs, from_size):
    kept = sizes > from_size
    slope, intercept = np.polyfit(np.log(sizes[kept]), np.log(costs[kept]), 1)
    return {"exponent": float(slope), "coefficient": float(np.exp(intercept))}


# %% wrong misconception="from-size-left-out" variant=2 loses="least-squares"
import scipy.stats


def power_law(sizes, costs, from_size):
    larger = np.flatnonzero(np.greater(sizes, from_size))
    fit = scipy.stats.linregress(np.log2(sizes[larger]), np.log2(costs[larger]))
    return dict(exponent=float(fit.slope), coefficient=float(2**fit.intercept))


# %% misconception="intercept-for-coefficient"
# The intercept is returned as it is; it is the logarithm of the coefficient.
# Remedy: Take its exponential.


# %% wrong misconception="intercept-for-coefficient" variant=1 loses="exact,least-squares,from-size"
def power_law(sizes, costs, from_size):
    kept = sizes >= from_size
    slope, intercept = np.polyfit(np.log(sizes[kept]), np.log(costs[kept]), 1)
    return {"exponent": float(slope), "coefficient": float(intercept)}


# %% wrong misconception="intercept-for-coefficient" variant=2 loses="exact,least-squares,from-size"
import statistics


def power_law(sizes, costs, from_size):
    kept = [i for i, size in enumerate(sizes) if size >= from_size]
    fit = statistics.linear_regression([float(np.log(sizes[i])) for i in kept], [float(np.log(costs[i])) for i in kept])
    return {"exponent": fit.slope, "coefficient": fit.intercept}


# %% misconception="works-in-place"
# Something is written into the caller's arrays, such as their logarithms or their order.
# Remedy: Work on new arrays: `np.log` returns one, and so does indexing with a mask.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def power_law(sizes, costs, from_size):
    kept = sizes >= from_size
    np.log(sizes, out=sizes)
    np.log(costs, out=costs)
    slope, intercept = np.polyfit(sizes[kept], costs[kept], 1)
    return {"exponent": float(slope), "coefficient": float(np.exp(intercept))}


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def power_law(sizes, costs, from_size):
    kept = np.flatnonzero(sizes >= from_size)
    for array in (sizes, costs):
        array[:] = np.log(array)
    line = np.polynomial.Polynomial.fit(sizes[kept], costs[kept], 1).convert()
    return {"exponent": float(line.coef[1]), "coefficient": float(np.exp(line.coef[0]))}


# %% misconception="axes-swapped"
# The line says how the size grows with the cost; asked is how the cost grows with the size.
# Remedy: Fit `np.log(costs)` as a function of `np.log(sizes)`: the sizes come first.


# %% wrong misconception="axes-swapped" variant=1 loses="exact,least-squares,from-size"
def power_law(sizes, costs, from_size):
    kept = sizes >= from_size
    slope, intercept = np.polyfit(np.log(costs[kept]), np.log(sizes[kept]), 1)
    return {"exponent": float(slope), "coefficient": float(np.exp(intercept))}


# %% wrong misconception="axes-swapped" variant=2 loses="exact,least-squares,from-size"
def power_law(sizes, costs, from_size):
    y, x = np.log(sizes[sizes >= from_size]), np.log(costs[sizes >= from_size])
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    return dict(exponent=slope, coefficient=np.exp(y.mean() - slope * x.mean()))


# %% right style="sums"
def power_law(sizes, costs, from_size):
    x, y = np.log10(sizes[sizes >= from_size]), np.log10(costs[sizes >= from_size])
    n = len(x)
    slope = (n * (x * y).sum() - x.sum() * y.sum()) / (n * (x * x).sum() - x.sum() ** 2)
    return {"exponent": float(slope), "coefficient": float(10 ** ((y.sum() - slope * x.sum()) / n))}


# %% right style="the statistics module"
import math
import statistics


def power_law(sizes, costs, from_size):
    pairs = [(math.log(s), math.log(c)) for s, c in zip(sizes.tolist(), costs.tolist()) if s >= from_size]
    fit = statistics.linear_regression(*zip(*pairs))
    return dict(exponent=fit.slope, coefficient=math.exp(fit.intercept))

# %% misconception="full-batches-only"
# The last batch of an epoch was not counted, because it is not full; but Keras trains on it, too.
# Remedy: Round up: `-(-examples // batch_size)` steps an epoch.


# %% wrong misconception="full-batches-only" variant=1 loses="partial"
def update_steps(examples, batch_size, epochs, begin_step, end_step, frequency):
    steps = epochs * (examples // batch_size)
    last = steps if end_step == -1 else min(end_step, steps)
    return list(range(begin_step or frequency, last + 1, frequency))


# %% wrong misconception="full-batches-only" variant=2 loses="partial"
def update_steps(examples, batch_size, epochs, begin_step, end_step, frequency):
    found = []
    for step in range(1, examples // batch_size * epochs + 1):
        if step >= begin_step and (end_step < 0 or step <= end_step) and (step - begin_step) % frequency == 0:
            found.append(step)
    return found


# %% misconception="counter-from-zero"
# Step 0 is in the list; but the counter has been raised to 1 when the first batch is looked at.
# Remedy: The steps of a training are 1, 2, 3, …; with `begin_step=0` the first time is step `frequency`.


# %% wrong misconception="counter-from-zero" variant=1 loses="first,none"
def update_steps(examples, batch_size, epochs, begin_step, end_step, frequency):
    steps = epochs * -(-examples // batch_size)
    last = steps if end_step == -1 else min(end_step, steps)
    return list(range(begin_step, last + 1, frequency))


# %% wrong misconception="counter-from-zero" variant=2 loses="first,none"
import math


def update_steps(examples, batch_size, epochs, begin_step, end_step, frequency):
    steps = epochs * math.ceil(examples / batch_size)
    if end_step >= 0:
        steps = min(steps, end_step)
    found, step = [], begin_step
    while step <= steps:
        found.append(step)
        step += frequency
    return found


# %% misconception="counted-without-begin"
# The multiples of `frequency` were taken; but they are counted from `begin_step`.
# Remedy: A step counts where `(step - begin_step) % frequency` is 0.


# %% wrong misconception="counted-without-begin" variant=1 loses="typical,partial,begin,end"
def update_steps(examples, batch_size, epochs, begin_step, end_step, frequency):
    steps = epochs * -(-examples // batch_size)
    last = steps if end_step == -1 else min(end_step, steps)
    return [step for step in range(max(begin_step, 1), last + 1) if step % frequency == 0]


# %% wrong misconception="counted-without-begin" variant=2 loses="typical,partial,begin,end"
import math


def update_steps(examples, batch_size, epochs, begin_step, end_step, frequency):
    last = epochs * math.ceil(examples / batch_size)
    if end_step != -1:
        last = min(last, end_step)
    return [step for step in range(frequency, last + 1, frequency) if step >= begin_step]


# %% misconception="end-left-out"
# The list stops before `end_step`; tfmot renews the masks at `end_step` itself, too.
# Remedy: `range` leaves its end out, so end it at `last + 1`.


# %% wrong misconception="end-left-out" variant=1 loses="end"
def update_steps(examples, batch_size, epochs, begin_step, end_step, frequency):
    steps = epochs * -(-examples // batch_size)
    stop = steps + 1 if end_step == -1 else min(end_step, steps + 1)
    return list(range(begin_step or frequency, stop, frequency))


# %% wrong misconception="end-left-out" variant=2 loses="end"
def update_steps(examples, batch_size, epochs, begin_step, end_step, frequency):
    found = []
    for step in range(1, epochs * -(-examples // batch_size) + 1):
        if begin_step <= step and (step < end_step or end_step == -1) and (step - begin_step) % frequency == 0:
            found.append(step)
    return found


# %% misconception="end-ignored"
# The masks were renewed after `end_step`; from there on tfmot keeps them as they are.
# Remedy: Stop at `min(end_step, steps)`, unless `end_step` is -1.


# %% wrong misconception="end-ignored" variant=1 loses="end"
def update_steps(examples, batch_size, epochs, begin_step, end_step, frequency):
    steps = epochs * -(-examples // batch_size)
    return list(range(begin_step or frequency, steps + 1, frequency))


# %% wrong misconception="end-ignored" variant=2 loses="end"
def update_steps(examples, batch_size, epochs, begin_step, end_step, frequency):
    steps = epochs * -(-examples // batch_size)
    found = [step for step in range(1, steps + 1) if step >= begin_step]
    return [step for step in found if (step - begin_step) % frequency == 0]


# %% misconception="past-the-training"
# Steps are listed that the training never comes to: it ends before `end_step`.
# Remedy: The last step is `min(end_step, steps)`.


# %% wrong misconception="past-the-training" variant=1 loses="end"
def update_steps(examples, batch_size, epochs, begin_step, end_step, frequency):
    steps = epochs * -(-examples // batch_size)
    last = steps if end_step == -1 else end_step
    return list(range(begin_step or frequency, last + 1, frequency))


# %% misconception="one-epoch"
# Only the steps of one epoch are listed; the counter goes on from epoch to epoch.
# Remedy: Multiply the steps of an epoch by `epochs`.


# %% wrong misconception="one-epoch" variant=1 loses="typical,partial,first,begin,end"
def update_steps(examples, batch_size, epochs, begin_step, end_step, frequency):
    steps = -(-examples // batch_size)
    last = steps if end_step == -1 else min(end_step, steps)
    return list(range(begin_step or frequency, last + 1, frequency))


# %% right style="step after step"
def update_steps(examples, batch_size, epochs, begin_step, end_step, frequency):
    found = []
    for step in range(1, epochs * -(-examples // batch_size) + 1):
        if step < begin_step or (end_step != -1 and step > end_step):
            continue
        if (step - begin_step) % frequency == 0:
            found.append(step)
    return found


# %% right style="NumPy"
import numpy as np


def update_steps(examples, batch_size, epochs, begin_step, end_step, frequency):
    steps = np.arange(1, epochs * int(np.ceil(examples / batch_size)) + 1)
    if end_step >= 0:
        steps = steps[steps <= end_step]
    steps = steps[steps >= begin_step]
    return steps[(steps - begin_step) % frequency == 0].tolist()

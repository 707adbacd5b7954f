# %% misconception="always-renewed"
# The sparsity that is reached follows the plan at every step; but the mask is renewed only every `frequency` steps.
# Remedy: Take the curve at the last update: `begin + frequency * ((min(step, end) - begin) // frequency)`.


# %% wrong misconception="always-renewed" variant=1 loses="cubic,linear,ends"
def sparsity_schedule(step, kind, *, final, begin, end, frequency):
    if step < begin:
        return 0.0, 0.0
    done = (min(step, end) - begin) / (end - begin)
    share = {"one-shot": 1.0, "linear": done, "cubic": 1 - (1 - done) ** 3}[kind]
    return final * share, final * share


# %% wrong misconception="always-renewed" variant=2 loses="cubic,linear,ends"
def sparsity_schedule(step, kind, *, final, begin, end, frequency):
    left = max(0.0, min(1.0, (end - step) / (end - begin)))
    planned = final
    if kind == "linear":
        planned = final - final * left
    elif kind == "cubic":
        planned = final - final * left**3
    planned = planned if step >= begin else 0.0
    return planned, planned


# %% decoy misconception="always-renewed" loses="cubic,linear,ends"
def sparsity_schedule(step, kind, *, final, begin, end, frequency):
    if step < begin:
        return 0.0, 0.0
    at = begin + frequency * ((min(step, end) - begin) // frequency)  # both at the last update
    done = (at - begin) / (end - begin)
    share = {"one-shot": 1.0, "linear": done, "cubic": 1 - (1 - done) ** 3}[kind]
    return final * share, final * share


# %% misconception="cube-of-the-time"
# The cube of the time rises slowly at first and steeply at the end; the curve is to do the reverse.
# Remedy: $1 - (1 - t)^3$, with the time $t$ from 0 at the begin to 1 at the end.


# %% wrong misconception="cube-of-the-time" variant=1 loses="cubic,ends"
def sparsity_schedule(step, kind, *, final, begin, end, frequency):
    power = {"one-shot": 0, "linear": 1, "cubic": 3}[kind]

    def curve(at):
        return final * ((min(at, end) - begin) / (end - begin)) ** power

    if step < begin:
        return 0.0, 0.0
    return curve(step), curve(begin + (min(step, end) - begin) // frequency * frequency)


# %% wrong misconception="cube-of-the-time" variant=2 loses="cubic,ends"
def sparsity_schedule(step, kind, *, final, begin, end, frequency):
    planned = reached = 0.0
    for at in range(begin, step + 1):
        time = min(1.0, (at - begin) / (end - begin))
        planned = final if kind == "one-shot" else final * time if kind == "linear" else final * time * time * time
        if at <= end and (at - begin) % frequency == 0:
            reached = planned
    return planned, reached


# %% misconception="counted-from-zero"
# Updates were counted from step 0 and not from `begin`.
# Remedy: The first update is at `begin`, and the others follow it every `frequency` steps.


# %% wrong misconception="counted-from-zero" variant=1 loses="cubic,ends,linear,one-shot"
def sparsity_schedule(step, kind, *, final, begin, end, frequency):
    def curve(at):
        if at < begin:
            return 0.0
        done = (min(at, end) - begin) / (end - begin)
        return final * {"one-shot": 1.0, "linear": done, "cubic": 1 - (1 - done) ** 3}[kind]

    return curve(step), curve(min(step, end) // frequency * frequency)


# %% wrong misconception="counted-from-zero" variant=2 loses="cubic,ends,linear,one-shot"
def sparsity_schedule(step, kind, *, final, begin, end, frequency):
    def curve(at):
        time = max(0.0, min(1.0, (at - begin) / (end - begin)))
        share = {"one-shot": float(at >= begin), "linear": time, "cubic": 1 - (1 - time) ** 3}
        return final * share[kind]

    updates = [at for at in range(0, min(step, end) + 1) if at % frequency == 0]
    return curve(step), curve(updates[-1])


# %% misconception="final-is-reached"
# From the end on the final sparsity was taken for reached; but the last update came before the end.
# Remedy: What is reached is the curve at the last update that is not later than `end`.


# %% wrong misconception="final-is-reached" variant=1 loses="ends"
def sparsity_schedule(step, kind, *, final, begin, end, frequency):
    def curve(at):
        done = (at - begin) / (end - begin)
        return final * {"one-shot": 1.0, "linear": done, "cubic": 1 - (1 - done) ** 3}[kind]

    if step < begin:
        return 0.0, 0.0
    if step >= end:
        return final, final
    return curve(step), curve(begin + frequency * ((step - begin) // frequency))


# %% wrong misconception="final-is-reached" variant=2 loses="ends"
def sparsity_schedule(step, kind, *, final, begin, end, frequency):
    planned = reached = 0.0
    for at in range(begin, step + 1):
        left = max(0.0, (end - at) / (end - begin))
        planned = final * {"one-shot": 1.0, "linear": 1 - left, "cubic": 1 - left**3}[kind]
        if (at - begin) % frequency == 0 or at >= end:
            reached = planned
    return planned, reached


# %% misconception="updates-go-on"
# Updates went on after `end`, so that the final sparsity was reached later.
# Remedy: The last update is the last one that is not later than `end`.


# %% wrong misconception="updates-go-on" variant=1 loses="ends"
def sparsity_schedule(step, kind, *, final, begin, end, frequency):
    def curve(at):
        done = (min(at, end) - begin) / (end - begin)
        return final * {"one-shot": 1.0, "linear": done, "cubic": 1 - (1 - done) ** 3}[kind]

    if step < begin:
        return 0.0, 0.0
    return curve(step), curve(begin + frequency * ((step - begin) // frequency))


# %% misconception="goes-on-rising"
# The time was not held at 1, so that the curve goes on past `end`.
# Remedy: Take `min(step, end)`; from `end` on the plan is the final sparsity.


# %% wrong misconception="goes-on-rising" variant=1 loses="ends"
def sparsity_schedule(step, kind, *, final, begin, end, frequency):
    def curve(at):
        done = (at - begin) / (end - begin)
        return final * {"one-shot": 1.0, "linear": done, "cubic": 1 - (1 - done) ** 3}[kind]

    if step < begin:
        return 0.0, 0.0
    return curve(step), curve(begin + frequency * ((min(step, end) - begin) // frequency))


# %% misconception="begins-too-early"
# Weights are gone before `begin`.
# Remedy: Before `begin` both numbers are 0.0.


# %% wrong misconception="begins-too-early" variant=1 loses="ends"
def sparsity_schedule(step, kind, *, final, begin, end, frequency):
    def curve(at):
        done = (min(max(at, begin), end) - begin) / (end - begin)
        return final * {"one-shot": 1.0, "linear": done, "cubic": 1 - (1 - done) ** 3}[kind]

    at = max(min(step, end), begin)
    return curve(step), curve(begin + frequency * ((at - begin) // frequency))


# %% misconception="square-for-cube"
# The curve is of the second degree.
# Remedy: The exponent is 3.


# %% wrong misconception="square-for-cube" variant=1 loses="cubic,ends"
def sparsity_schedule(step, kind, *, final, begin, end, frequency):
    def curve(at):
        done = (min(at, end) - begin) / (end - begin)
        return final * {"one-shot": 1.0, "linear": done, "cubic": 1 - (1 - done) ** 2}[kind]

    if step < begin:
        return 0.0, 0.0
    return curve(step), curve(begin + frequency * ((min(step, end) - begin) // frequency))


# %% right style="step after step"
def sparsity_schedule(step, kind, *, final, begin, end, frequency):
    planned = reached = 0.0
    for at in range(begin, step + 1):
        left = max(0.0, (end - at) / (end - begin))
        planned = final * {"one-shot": 1.0, "linear": 1 - left, "cubic": 1 - left**3}[kind]
        if at <= end and (at - begin) % frequency == 0:
            reached = planned
    return planned, reached


# %% right style="the published formula, with NumPy"
import numpy as np


def sparsity_schedule(step, kind, *, final, begin, end, frequency):
    exponent = {"one-shot": None, "linear": 1, "cubic": 3}[kind]
    updates = np.arange(begin, end + 1, frequency)
    before = updates[updates <= step]

    def curve(at):
        if exponent is None:
            return final
        return final + (0 - final) * (1 - np.clip((at - begin) / (end - begin), 0, 1)) ** exponent

    if not len(before):
        return 0.0, 0.0
    return float(curve(step)), float(curve(before[-1]))

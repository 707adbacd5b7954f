# %% misconception="pixels-not-scaled"
# The examples keep pixels from 0 to 16, where the network is fed 0 to 1.
# Remedy: Divide by 16, as it is done before the network is fed.

# %% wrong misconception="pixels-not-scaled" variant=1 loses="typical,scaled,few"
def calibration_set(images, labels, per_class):
    def examples():
        taken = Counter()
        for image, label in zip(images, labels):
            if taken[label] < per_class:
                taken[label] += 1
                yield [image[None].astype(np.float32)]

    return examples


collected_examples = collected(calibration_set)


# %% wrong misconception="pixels-not-scaled" variant=2 loses="typical,scaled,few"
def calibration_set(images, labels, per_class):
    chosen = sorted(i for label in np.unique(labels) for i in np.where(labels == label)[0][:per_class])
    return lambda: ([np.float32(images[i]).reshape(1, -1)] for i in chosen)


collected_examples = collected(calibration_set)


# %% misconception="scaled-by-255"
# The pixels are divided by 255, where these end at 16: all examples are nearly black.
# Remedy: Divide by 16.


# %% wrong misconception="scaled-by-255" variant=1 loses="typical,scaled,few"
def calibration_set(images, labels, per_class):
    def examples():
        taken = Counter()
        for image, label in zip(images, labels):
            if taken[label] < per_class:
                taken[label] += 1
                yield [image[None].astype(np.float32) / 255]

    return examples


collected_examples = collected(calibration_set)


# %% wrong misconception="scaled-by-255" variant=2 loses="typical,scaled,few"
def calibration_set(images, labels, per_class):
    chosen = sorted(i for label in np.unique(labels) for i in np.where(labels == label)[0][:per_class])
    return lambda: ([np.true_divide(images[i : i + 1], 255, dtype=np.float32)] for i in chosen)


collected_examples = collected(calibration_set)


# %% misconception="scaled-by-the-largest"
# The pixels are divided by the largest one of `images`, which need not be 16: the network is fed other numbers.
# Remedy: Divide by 16, whatever pixels these images happen to have.


# %% wrong misconception="scaled-by-the-largest" variant=1 loses="scaled"
def calibration_set(images, labels, per_class):
    largest = np.float32(images.max())

    def examples():
        taken = Counter()
        for image, label in zip(images, labels):
            if taken[label] < per_class:
                taken[label] += 1
                yield [image[None].astype(np.float32) / largest]

    return examples


collected_examples = collected(calibration_set)


# %% wrong misconception="scaled-by-the-largest" variant=2 loses="scaled"
def calibration_set(images, labels, per_class):
    chosen = sorted(i for label in np.unique(labels) for i in np.where(labels == label)[0][:per_class])
    scaled = np.true_divide(images, max(images.ravel().tolist()), dtype=np.float32)
    return lambda: ([scaled[[i]]] for i in chosen)


collected_examples = collected(calibration_set)


# %% misconception="labels-of-digits"
# Only the labels 0 to 9 were looked for; labels are whole numbers, such as 12 or 40.
# Remedy: Take the classes from `labels` itself: a `Counter` knows any of them.


# %% wrong misconception="labels-of-digits" variant=1 loses="typical"
def calibration_set(images, labels, per_class):
    def examples():
        left = dict.fromkeys(range(10), per_class)
        for image, label in zip(images, labels.tolist()):
            if left.get(label, 0) > 0:
                left[label] -= 1
                yield [image[None].astype(np.float32) / 16]

    return examples


collected_examples = collected(calibration_set)


# %% wrong misconception="labels-of-digits" variant=2 loses="typical"
def calibration_set(images, labels, per_class):
    chosen = sorted(i for digit in range(10) for i in np.where(labels == digit)[0][:per_class])
    return lambda: ([np.float32(images[i : i + 1]) / 16] for i in chosen)


collected_examples = collected(calibration_set)


# %% misconception="used-up"
# The examples are a generator that was made once: a second call finds it used up.
# Remedy: Make the generator inside the function that you return.


# %% wrong misconception="used-up" variant=1 loses="again"
def calibration_set(images, labels, per_class):
    def examples():
        taken = Counter()
        for image, label in zip(images, labels):
            if taken[label] < per_class:
                taken[label] += 1
                yield [image[None].astype(np.float32) / 16]

    made = examples()
    return lambda: made


collected_examples = collected(calibration_set)


# %% wrong misconception="used-up" variant=2 loses="again"
def calibration_set(images, labels, per_class):
    chosen = sorted(i for label in np.unique(labels) for i in np.where(labels == label)[0][:per_class])
    rows = iter([[np.float32(images[i][None]) / 16] for i in chosen])

    def examples():
        yield from rows

    return examples


collected_examples = collected(calibration_set)


# %% misconception="counted-once"
# What was taken is counted outside the function, and not begun anew: a second call gives nothing more.
# Remedy: Make the counter inside the function that you return.


# %% wrong misconception="counted-once" variant=1 loses="again"
def calibration_set(images, labels, per_class):
    taken = Counter()

    def examples():
        for image, label in zip(images, labels):
            if taken[label] < per_class:
                taken[label] += 1
                yield [image[None].astype(np.float32) / 16]

    return examples


collected_examples = collected(calibration_set)


# %% misconception="batch-is-missing"
# An example has no dimension for the batch: the converter asks for shape (1, features).
# Remedy: `image[None]` puts one in front.


# %% wrong misconception="batch-is-missing" variant=1 loses="typical,scaled,few"
def calibration_set(images, labels, per_class):
    def examples():
        taken = Counter()
        for image, label in zip(images, labels):
            if taken[label] < per_class:
                taken[label] += 1
                yield [image.astype(np.float32) / 16]

    return examples


collected_examples = collected(calibration_set)


# %% wrong misconception="batch-is-missing" variant=2 loses="typical,scaled,few"
def calibration_set(images, labels, per_class):
    chosen = sorted(i for label in np.unique(labels) for i in np.where(labels == label)[0][:per_class])
    scaled = np.float32(images) / 16
    return lambda: ([scaled[i]] for i in chosen)


collected_examples = collected(calibration_set)


# %% misconception="whole-set-not-classes"
# The first images of the whole set are taken, whatever their classes are.
# Remedy: Count for each class how many have been taken.


# %% wrong misconception="whole-set-not-classes" variant=1 loses="typical,few,again"
def calibration_set(images, labels, per_class):
    def examples():
        for image in images[:per_class]:
            yield [image[None].astype(np.float32) / 16]

    return examples


collected_examples = collected(calibration_set)


# %% wrong misconception="whole-set-not-classes" variant=2 loses="typical,few,again"
def calibration_set(images, labels, per_class):
    return lambda: ([np.float32(images[i : i + 1] / 16)] for i in range(min(per_class, len(images))))


collected_examples = collected(calibration_set)


# %% misconception="class-by-class"
# The examples are sorted by class, and not in the order of `images`.
# Remedy: Go through the images once, or sort the places in the end.


# %% wrong misconception="class-by-class" variant=1 loses="typical,few"
def calibration_set(images, labels, per_class):
    def examples():
        for label in np.unique(labels):
            for image in images[labels == label][:per_class]:
                yield [image[None].astype(np.float32) / 16]

    return examples


collected_examples = collected(calibration_set)


# %% wrong misconception="class-by-class" variant=2 loses="typical,few"
def calibration_set(images, labels, per_class):
    by_label = [i for label in sorted(set(labels.tolist())) for i in np.flatnonzero(labels == label)[:per_class]]
    return lambda: ([np.float32(images[[i]]) / 16] for i in by_label)


collected_examples = collected(calibration_set)


# %% misconception="bare-arrays"
# An example is the array itself: the converter takes a list, with an array for each input of the model.
# Remedy: `yield [image]`, not `yield image`.


# %% wrong misconception="bare-arrays" variant=1 loses="typical,scaled,few,lists"
def calibration_set(images, labels, per_class):
    def examples():
        taken = Counter()
        for image, label in zip(images, labels):
            if taken[label] < per_class:
                taken[label] += 1
                yield image[None].astype(np.float32) / 16

    return examples


collected_examples = collected(calibration_set)


# %% wrong misconception="bare-arrays" variant=2 loses="typical,scaled,few,lists"
def calibration_set(images, labels, per_class):
    chosen = sorted(i for label in np.unique(labels) for i in np.where(labels == label)[0][:per_class])
    return lambda: (np.float32(images[[i]]) / 16 for i in chosen)


collected_examples = collected(calibration_set)


# %% misconception="tuples"
# An example is a tuple; a list with one array is asked for.
# Remedy: `yield [image]`.


# %% wrong misconception="tuples" variant=1 loses="lists"
def calibration_set(images, labels, per_class):
    def examples():
        taken = Counter()
        for image, label in zip(images, labels):
            if taken[label] < per_class:
                taken[label] += 1
                yield (image[None].astype(np.float32) / 16,)

    return examples


collected_examples = collected(calibration_set)


# %% misconception="float64-examples"
# The pixels are float64, which an input of float32 refuses.
# Remedy: `image.astype(np.float32) / 16`: a uint8 that is divided becomes float64.


# %% wrong misconception="float64-examples" variant=1 loses="scaled"
def calibration_set(images, labels, per_class):
    def examples():
        taken = Counter()
        for image, label in zip(images, labels):
            if taken[label] < per_class:
                taken[label] += 1
                yield [image[None] / 16]

    return examples


collected_examples = collected(calibration_set)


# %% misconception="works-in-place"
# The images that were given are changed.
# Remedy: Divide a copy; `astype` makes one.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def calibration_set(images, labels, per_class):
    scaled = images.astype(np.float32) / 16
    images[...] = 0

    def examples():
        taken = Counter()
        for image, label in zip(scaled, labels):
            if taken[label] < per_class:
                taken[label] += 1
                yield [image[None]]

    return examples


collected_examples = collected(calibration_set)


# %% right style="places first"
def calibration_set(images, labels, per_class):
    chosen = sorted(i for label in np.unique(labels) for i in np.where(labels == label)[0][:per_class])
    return lambda: ([np.float32(images[i : i + 1]) / 16] for i in chosen)


collected_examples = collected(calibration_set)


# %% right style="a list made beforehand"
def calibration_set(images, labels, per_class):
    rows, seen = [], {}
    for place in range(len(images)):
        label = labels[place].item()
        seen[label] = seen.get(label, 0) + 1
        if seen[label] <= per_class:
            rows.append([(images[place].reshape(1, -1) / np.float32(16)).astype("float32")])
    return lambda: iter(rows)


collected_examples = collected(calibration_set)

# %% misconception="pads-with-code-zero"
# The border is filled with code 0, which stands for a real value far from 0.0.
# Remedy: Fill with the zero point, or take it off before you pad with 0.

# %% wrong misconception="pads-with-code-zero" variant=1 loses="padded"
def integer_conv(q_x, zero_point, q_w, padding):
    image = np.pad(q_x, ((0, 0), (padding, padding), (padding, padding))).astype(np.int32) - zero_point
    size = q_w.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size), axis=(1, 2))
    return np.einsum("chwij,ocij->ohw", windows, q_w.astype(np.int32))


# %% wrong misconception="pads-with-code-zero" variant=2 loses="padded"
def integer_conv(q_x, zero_point, q_w, padding):
    channels, height, width = q_x.shape
    image = np.zeros((channels, height + 2 * padding, width + 2 * padding), np.int32)
    image[:, padding : padding + height, padding : padding + width] = q_x
    image = image - zero_point
    size = q_w.shape[-1]
    rows, columns = image.shape[1] - size + 1, image.shape[2] - size + 1
    sums = np.zeros((len(q_w), rows, columns), np.int32)
    for i in range(size):
        for j in range(size):
            part = image[:, i : i + rows, j : j + columns]
            sums += np.tensordot(q_w[:, :, i, j].astype(np.int32), part, axes=1)
    return sums


# %% misconception="difference-wraps"
# The zero point is subtracted in 8 bits, where nothing is below 0: darker pixels wrap around.
# Remedy: Cast the codes to int32 first, then subtract.


# %% wrong misconception="difference-wraps" variant=1 loses="no-padding,padded"
def integer_conv(q_x, zero_point, q_w, padding):
    image = (q_x - np.uint8(zero_point)).astype(np.int32)
    image = np.pad(image, ((0, 0), (padding, padding), (padding, padding)))
    size = q_w.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size), axis=(1, 2))
    return np.einsum("chwij,ocij->ohw", windows, q_w.astype(np.int32))


# %% wrong misconception="difference-wraps" variant=2 loses="no-padding,padded"
def integer_conv(q_x, zero_point, q_w, padding):
    from scipy.signal import correlate2d

    planes = [np.pad((plane.astype(np.int64) - zero_point) % 256, padding) for plane in q_x]
    sums = [sum(correlate2d(p, k.astype(np.int64), mode="valid") for p, k in zip(planes, kernel)) for kernel in q_w]
    return np.stack(sums).astype("int32")


# %% misconception="kernel-flipped"
# The kernel is turned around, as in mathematics; deep learning slides it as it is.
# Remedy: Multiply window and kernel entry by entry, without flipping.


# %% wrong misconception="kernel-flipped" variant=1 loses="no-padding,padded"
def integer_conv(q_x, zero_point, q_w, padding):
    image = np.pad(q_x.astype(np.int32) - zero_point, ((0, 0), (padding, padding), (padding, padding)))
    size = q_w.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size), axis=(1, 2))
    return np.einsum("chwij,ocij->ohw", windows, q_w[:, :, ::-1, ::-1].astype(np.int32))


# %% wrong misconception="kernel-flipped" variant=2 loses="no-padding,padded"
def integer_conv(q_x, zero_point, q_w, padding):
    from scipy.signal import convolve2d

    image = np.pad(q_x.astype(np.int64) - zero_point, ((0, 0), (padding, padding), (padding, padding)))
    kernels = q_w.astype(np.int64)
    sums = [sum(convolve2d(plane, k, mode="valid") for plane, k in zip(image, kernel)) for kernel in kernels]
    return np.array(sums).astype(np.int32)


# %% misconception="zero-point-ignored"
# The codes are multiplied as they are, zero point and all.
# Remedy: Subtract the zero point from the image.


# %% wrong misconception="zero-point-ignored" variant=1 loses="no-padding,padded,one-by-one"
def integer_conv(q_x, zero_point, q_w, padding):
    image = np.pad(q_x.astype(np.int32), ((0, 0), (padding, padding), (padding, padding)))
    size = q_w.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size), axis=(1, 2))
    return np.einsum("chwij,ocij->ohw", windows, q_w.astype(np.int32))


# %% wrong misconception="zero-point-ignored" variant=2 loses="no-padding,padded,one-by-one"
def integer_conv(q_x, zero_point, q_w, padding):
    from scipy.signal import correlate2d

    planes = [np.pad(plane.astype(np.int64), padding) for plane in q_x]
    sums = [sum(correlate2d(p, k.astype(np.int64), mode="valid") for p, k in zip(planes, kernel)) for kernel in q_w]
    return np.stack(sums).astype("int32")


# %% misconception="first-channel-only"
# Only the first input channel is used.
# Remedy: Sum over all input channels.


# %% wrong misconception="first-channel-only" variant=1 loses="no-padding,one-by-one,padded"
def integer_conv(q_x, zero_point, q_w, padding):
    image = np.pad(q_x[0].astype(np.int32) - zero_point, padding)
    size = q_w.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size))
    return np.einsum("hwij,oij->ohw", windows, q_w[:, 0].astype(np.int32))


# %% wrong misconception="first-channel-only" variant=2 loses="no-padding,one-by-one,padded"
def integer_conv(q_x, zero_point, q_w, padding):
    from scipy.signal import correlate2d

    plane = np.pad(np.int64(q_x[0]) - zero_point, padding)
    return np.stack([correlate2d(plane, np.int64(kernel[0]), "valid") for kernel in q_w]).astype(np.int32)


# %% misconception="sixteen-bit-sums"
# The sums are kept in 16 bits and wrap around.
# Remedy: Cast image and kernel to int32 before you multiply.


# %% wrong misconception="sixteen-bit-sums" variant=1 loses="one-by-one"
def integer_conv(q_x, zero_point, q_w, padding):
    image = np.pad(q_x.astype(np.int16) - np.int16(zero_point), ((0, 0), (padding, padding), (padding, padding)))
    size = q_w.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size), axis=(1, 2))
    return np.einsum("chwij,ocij->ohw", windows, q_w.astype(np.int16)).astype(np.int32)


# %% wrong misconception="sixteen-bit-sums" variant=2 loses="one-by-one"
def integer_conv(q_x, zero_point, q_w, padding):
    from scipy.signal import correlate2d

    planes = [np.pad(np.int64(plane) - zero_point, padding) for plane in q_x]
    sums = [sum(correlate2d(p, np.int64(k), "valid") for p, k in zip(planes, kernel)) for kernel in q_w]
    return ((np.array(sums) + 2**15) % 2**16 - 2**15).astype(np.int32)


# %% misconception="float-sums"
# The sums are floats; a float32 is exact up to `2**24` only.
# Remedy: Keep to integers from the first product on, and return int32.


# %% wrong misconception="float-sums" variant=1 loses="int32,one-by-one"
def integer_conv(q_x, zero_point, q_w, padding):
    image = np.pad(q_x.astype(np.float32) - zero_point, ((0, 0), (padding, padding), (padding, padding)))
    size = q_w.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size), axis=(1, 2))
    return np.einsum("chwij,ocij->ohw", windows, q_w.astype(np.float32))


# %% wrong misconception="float-sums" variant=2 loses="int32,one-by-one"
def integer_conv(q_x, zero_point, q_w, padding):
    import torch

    image = torch.tensor(q_x).float() - zero_point
    return torch.nn.functional.conv2d(image[None], torch.tensor(q_w).float(), padding=padding)[0].numpy()


# %% wrong misconception="float-sums" variant=1 loses="one-by-one"
def integer_conv(q_x, zero_point, q_w, padding):
    image = np.pad(q_x.astype(np.float32) - zero_point, ((0, 0), (padding, padding), (padding, padding)))
    size = q_w.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size), axis=(1, 2))
    return np.einsum("chwij,ocij->ohw", windows, q_w.astype(np.float32)).astype(np.int32)


# %% misconception="works-in-place"
# The work is done in the array that was given, which the caller still needs.
# Remedy: Subtract into a new, wider array.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-input"
def integer_conv(q_x, zero_point, q_w, padding):
    image = np.pad(q_x.astype(np.int32) - zero_point, ((0, 0), (padding, padding), (padding, padding)))
    q_x[...] = 0
    size = q_w.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size), axis=(1, 2))
    return np.einsum("chwij,ocij->ohw", windows, q_w.astype(np.int32))


# %% wrong misconception="works-in-place" variant=2 loses="keeps-input"
def integer_conv(q_x, zero_point, q_w, padding):
    from scipy.signal import correlate2d

    planes = [np.pad(plane.astype(np.int64) - zero_point, padding) for plane in q_x]
    q_x -= q_x
    sums = [sum(correlate2d(p, k.astype(np.int64), mode="valid") for p, k in zip(planes, kernel)) for kernel in q_w]
    return np.stack(sums).astype("int32")


# %% right style="one shift of the image after the other"
def integer_conv(q_x, zero_point, q_w, padding):
    border = ((0, 0), (padding, padding), (padding, padding))
    image = np.pad(q_x.astype(np.int32), border, constant_values=zero_point) - zero_point
    size = q_w.shape[-1]
    rows, columns = image.shape[1] - size + 1, image.shape[2] - size + 1
    sums = np.zeros((len(q_w), rows, columns), np.int32)
    for i, j in np.ndindex(size, size):
        part = image[:, i : i + rows, j : j + columns]
        sums += np.tensordot(q_w[:, :, i, j].astype(np.int32), part, axes=1)
    return sums


# %% right style="a matrix product of unfolded windows"
def integer_conv(q_x, zero_point, q_w, padding):
    image = np.pad(np.int32(q_x) - zero_point, ((0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(image, q_w.shape[2:], axis=(1, 2))
    rows, columns = windows.shape[1:3]
    table = windows.transpose(1, 2, 0, 3, 4).reshape(rows * columns, -1)
    return (np.int32(q_w).reshape(len(q_w), -1) @ table.T).reshape(-1, rows, columns)

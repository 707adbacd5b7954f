# %% misconception="zeros-left-out"
# Zeros are left out; a dense tensor stores each of them like any other number.
# Remedy: Count all numbers; only compression, or a sparse format, makes less of zeros.

# %% wrong misconception="zeros-left-out" variant=1 loses="tensors,header"
def size_report(tensors):
    content = safetensors.torch.save({name: tensor.contiguous() for name, tensor in tensors.items()})
    held = sum(int(tensor.count_nonzero()) * tensor.element_size() for tensor in tensors.values())
    return {
        "tensors": held,
        "file": len(content),
        "header": len(content) - held,
        "gzip": len(gzip.compress(content, compresslevel=9)),
    }


# %% wrong misconception="zeros-left-out" variant=2 loses="tensors,header"
def size_report(tensors):
    held = 0
    for tensor in tensors.values():
        held += len(tensor[tensor != 0]) * tensor.dtype.itemsize
    file = safetensors.torch.save({name: tensor.clone().contiguous() for name, tensor in tensors.items()})
    return dict(tensors=held, file=len(file), header=len(file) - held, gzip=len(gzip.compress(file, 9)))


# %% misconception="header-forgotten"
# The file is taken to hold the tensors alone; it also names them, with dtype and shape.
# Remedy: Make the file with `safetensors.torch.save` and take its length.


# %% wrong misconception="header-forgotten" variant=1 loses="file,header,gzip"
def size_report(tensors):
    content = b"".join(tensor.contiguous().numpy().tobytes() for tensor in tensors.values())
    return {
        "tensors": len(content),
        "file": len(content),
        "header": 0,
        "gzip": len(gzip.compress(content, compresslevel=9)),
    }


# %% wrong misconception="header-forgotten" variant=2 loses="file,header,gzip"
def size_report(tensors):
    content = bytearray()
    for tensor in tensors.values():
        content += tensor.numpy().tobytes()
    size = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
    return {"tensors": size, "file": size, "header": size - len(content), "gzip": len(gzip.compress(bytes(content)))}


# %% misconception="storage-counted"
# The storage behind a tensor is counted; a view may be a small part of it.
# Remedy: Use `numel() * element_size()`.


# %% wrong misconception="storage-counted" variant=1 loses="views"
def size_report(tensors):
    content = safetensors.torch.save({name: tensor.contiguous() for name, tensor in tensors.items()})
    held = sum(tensor.untyped_storage().nbytes() for tensor in tensors.values())
    return {
        "tensors": held,
        "file": len(content),
        "header": len(content) - held,
        "gzip": len(gzip.compress(content, compresslevel=9)),
    }


# %% wrong misconception="storage-counted" variant=2 loses="views"
def size_report(tensors):
    file = safetensors.torch.save({name: tensor.clone().contiguous() for name, tensor in tensors.items()})
    held = 0
    for tensor in tensors.values():
        held += len(tensor.untyped_storage())
    return {"tensors": held, "file": len(file), "header": len(file) - held, "gzip": len(gzip.compress(file, 9))}


# %% misconception="zip-without-compression"
# The archive is not compressed: `zipfile` only stores, unless it is told to deflate.
# Remedy: Use `gzip.compress`.

# %% wrong misconception="zip-without-compression" variant=1 loses="gzip"
import io
import zipfile


def size_report(tensors):
    content = safetensors.torch.save({name: tensor.contiguous() for name, tensor in tensors.items()})
    held = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("model.safetensors", content)
    size = len(archive.getvalue())
    return {"tensors": held, "file": len(content), "header": len(content) - held, "gzip": size}


# %% wrong misconception="zip-without-compression" variant=2 loses="gzip"
import io
from zipfile import ZIP_STORED, ZipFile


def size_report(tensors):
    report = {"tensors": sum(tensor.nbytes for tensor in tensors.values())}
    file = safetensors.torch.save({name: tensor.contiguous() for name, tensor in tensors.items()})
    report["file"] = len(file)
    report["header"] = report["file"] - report["tensors"]
    buffer = io.BytesIO()
    with ZipFile(buffer, mode="w", compression=ZIP_STORED) as archive, archive.open("model.safetensors", "w") as entry:
        entry.write(file)
    return report | {"gzip": buffer.getbuffer().nbytes}


# %% misconception="quick-level"
# The file is compressed at a quick level, which saves time and misses repetitions.
# Remedy: Ask for level 9: `gzip.compress(content, compresslevel=9)`, which is also its default.


# %% wrong misconception="quick-level" variant=1 loses="gzip"
def size_report(tensors):
    content = safetensors.torch.save({name: tensor.contiguous() for name, tensor in tensors.items()})
    held = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
    return {
        "tensors": held,
        "file": len(content),
        "header": len(content) - held,
        "gzip": len(gzip.compress(content, compresslevel=1)),
    }


# %% wrong misconception="quick-level" variant=2 loses="gzip"
import io


def size_report(tensors):
    file, zipped = safetensors.torch.save({name: t.clone().contiguous() for name, t in tensors.items()}), io.BytesIO()
    with gzip.GzipFile(fileobj=zipped, mode="wb", compresslevel=1, mtime=0) as archive:
        archive.write(file)
    size = sum(tensor.nbytes for tensor in tensors.values())
    return dict(tensors=size, file=len(file), header=len(file) - size, gzip=len(zipped.getvalue()))


# %% misconception="numbers-compressed"
# The raw numbers are compressed, not the file; names, dtypes and shapes are in it, and are compressed, too.
# Remedy: Give `gzip.compress` the bytes that `safetensors.torch.save` returns.


# %% wrong misconception="numbers-compressed" variant=1 loses="gzip"
def size_report(tensors):
    content = safetensors.torch.save({name: tensor.contiguous() for name, tensor in tensors.items()})
    held = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
    numbers = b"".join(tensor.contiguous().numpy().tobytes() for tensor in tensors.values())
    return {
        "tensors": held,
        "file": len(content),
        "header": len(content) - held,
        "gzip": len(gzip.compress(numbers, compresslevel=9)),
    }


# %% wrong misconception="numbers-compressed" variant=2 loses="gzip"
def size_report(tensors):
    file = safetensors.torch.save({name: tensor.clone().contiguous() for name, tensor in tensors.items()})
    numbers = bytearray()
    for tensor in tensors.values():
        numbers += tensor.contiguous().numpy().tobytes()
    header = len(file) - len(numbers)
    return {"tensors": len(numbers), "file": len(file), "header": header, "gzip": len(gzip.compress(numbers))}


# %% decoy misconception="numbers-compressed" loses="gzip"
def size_report(tensors):
    file = safetensors.torch.save({name: tensor.clone().contiguous() for name, tensor in tensors.items()})
    size = sum(tensor.nbytes for tensor in tensors.values())
    header = file[: len(file) - size]  # compressed without the numbers
    return {"tensors": size, "file": len(file), "header": len(header), "gzip": len(gzip.compress(header))}


# %% misconception="all-float32"
# Every number is taken for a float32.
# Remedy: Ask each tensor for its `element_size()`.


# %% wrong misconception="all-float32" variant=1 loses="tensors,header"
def size_report(tensors):
    content = safetensors.torch.save({name: tensor.contiguous() for name, tensor in tensors.items()})
    held = sum(tensor.numel() * 4 for tensor in tensors.values())
    return {
        "tensors": held,
        "file": len(content),
        "header": len(content) - held,
        "gzip": len(gzip.compress(content, compresslevel=9)),
    }


# %% wrong misconception="all-float32" variant=2 loses="tensors,header"
def size_report(tensors):
    held = sum(tensor.float().nbytes for tensor in tensors.values())
    file = safetensors.torch.save({name: tensor.contiguous() for name, tensor in tensors.items()})
    return {"tensors": held, "file": len(file), "header": len(file) - held, "gzip": len(gzip.compress(file))}


# %% misconception="contiguous-in-place"
# The caller's dict is changed on the way, as by putting contiguous copies into it.
# Remedy: Make a new dict: `{name: tensor.contiguous() for name, tensor in tensors.items()}`.


# %% wrong misconception="contiguous-in-place" variant=1 loses="keeps-input"
def size_report(tensors):
    for name in tensors:
        tensors[name] = tensors[name].contiguous()
    content = safetensors.torch.save(tensors)
    held = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
    return {
        "tensors": held,
        "file": len(content),
        "header": len(content) - held,
        "gzip": len(gzip.compress(content, compresslevel=9)),
    }


# %% wrong misconception="contiguous-in-place" variant=2 loses="keeps-input"
def size_report(tensors):
    tensors.update({name: tensor.clone().contiguous() for name, tensor in tensors.items()})
    file = safetensors.torch.save(tensors)
    size = sum(tensor.nbytes for tensor in tensors.values())
    return dict(tensors=size, file=len(file), header=len(file) - size, gzip=len(gzip.compress(file)))


# %% right style="through a file on disk"
import tempfile
from pathlib import Path


def size_report(tensors):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.safetensors"
        safetensors.torch.save_file({name: tensor.clone().contiguous() for name, tensor in tensors.items()}, path)
        on_disk = path.stat().st_size
        zipped = Path(folder) / "model.gz"
        with gzip.open(zipped, "wb", compresslevel=9) as file:
            file.write(path.read_bytes())
        numbers = sum(tensor.nbytes for tensor in tensors.values())
        return {"tensors": numbers, "file": on_disk, "header": on_disk - numbers, "gzip": zipped.stat().st_size}


# %% right style="the header read from the file"
import zlib


def size_report(tensors):
    content = safetensors.torch.save({name: tensor.contiguous() for name, tensor in tensors.items()})
    header = 8 + int.from_bytes(content[:8], "little")
    squeezed = zlib.compressobj(9, wbits=31)
    size = len(squeezed.compress(content)) + len(squeezed.flush())
    return {"tensors": len(content) - header, "file": len(content), "header": header, "gzip": size}

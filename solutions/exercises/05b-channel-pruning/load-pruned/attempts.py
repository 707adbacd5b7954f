# %% misconception="sizes-do-not-fit"
# The network that was built has other sizes than the file, and refused to load it.
# Remedy: Read the numbers of channels off the file: those of the first convolution are the inputs of the second, and
# each of those of the second has four places in front of the linear layer.


# %% wrong misconception="sizes-do-not-fit" variant=1 loses="first,second,both,strict"
def load_pruned(file):
    model = cnn_architecture()
    model.load_state_dict(torch.load(io.BytesIO(file), weights_only=True))
    return model


# %% wrong misconception="sizes-do-not-fit" variant=2 loses="first,second,both,strict"
def load_pruned(file):
    state = torch.load(io.BytesIO(file), weights_only=True)
    loaded = cnn_architecture().eval()
    loaded.load_state_dict(state, strict=True)
    return loaded


# %% misconception="left-in-training"
# The network came back in training mode, in which a batch norm uses the mean and variance of the batch.
# Remedy: New layers are in training mode: return `model.eval()`.


# %% wrong misconception="left-in-training" variant=1 loses="first,second,both,strict"
def load_pruned(file):
    state = torch.load(io.BytesIO(file), weights_only=True)
    model = cnn_architecture()
    first, second = len(state["conv1.weight"]), len(state["conv2.weight"])
    model.conv1 = nn.Conv2d(1, first, 3, padding=1, bias=False)
    model.bn1 = nn.BatchNorm2d(first)
    model.conv2 = nn.Conv2d(first, second, 3, padding=1, bias=False)
    model.bn2 = nn.BatchNorm2d(second)
    model.output = nn.Linear(4 * second, 10)
    model.load_state_dict(state)
    return model


# %% wrong misconception="left-in-training" variant=2 loses="first,second,both,strict"
from collections import OrderedDict


def load_pruned(file):
    state = torch.load(io.BytesIO(file), weights_only=True)
    first, second = state["bn1.bias"].numel(), state["bn2.bias"].numel()
    model = nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(1, first, 3, padding=1, bias=False),
            bn1=nn.BatchNorm2d(first),
            relu1=nn.ReLU(),
            pool1=nn.MaxPool2d(2),
            conv2=nn.Conv2d(first, second, 3, padding=1, bias=False),
            bn2=nn.BatchNorm2d(second),
            relu2=nn.ReLU(),
            pool2=nn.MaxPool2d(2),
            flatten=nn.Flatten(),
            output=nn.Linear(state["output.weight"].shape[1], 10),
        )
    )
    model.load_state_dict(state)
    return model


# %% misconception="not-loaded"
# The layers have the sizes of the file, and random numbers: nothing of the file arrived in them.
# Remedy: `model.load_state_dict(state)` after the layers have been put in.


# %% wrong misconception="not-loaded" variant=1 loses="first,second,both,strict"
def load_pruned(file):
    torch.manual_seed(0)
    state = torch.load(io.BytesIO(file), weights_only=True)
    model = cnn_architecture()
    first, second = len(state["conv1.weight"]), len(state["conv2.weight"])
    model.conv1 = nn.Conv2d(1, first, 3, padding=1, bias=False)
    model.bn1 = nn.BatchNorm2d(first)
    model.conv2 = nn.Conv2d(first, second, 3, padding=1, bias=False)
    model.bn2 = nn.BatchNorm2d(second)
    model.output = nn.Linear(4 * second, 10)
    return model.eval()


# %% misconception="statistics-lost"
# The running means and variances of the file were left out.
# Remedy: They are buffers, and part of the state dict; load all of it, with `strict` left at True.


# %% wrong misconception="statistics-lost" variant=1 loses="first,second,both,strict"
def load_pruned(file):
    state = torch.load(io.BytesIO(file), weights_only=True)
    state = {name: array for name, array in state.items() if "running" not in name}
    model = cnn_architecture()
    first, second = len(state["conv1.weight"]), len(state["conv2.weight"])
    model.conv1 = nn.Conv2d(1, first, 3, padding=1, bias=False)
    model.bn1 = nn.BatchNorm2d(first)
    model.conv2 = nn.Conv2d(first, second, 3, padding=1, bias=False)
    model.bn2 = nn.BatchNorm2d(second)
    model.output = nn.Linear(4 * second, 10)
    model.load_state_dict(state, strict=False)
    return model.eval()


# %% wrong misconception="statistics-lost" variant=2 loses="first,second,both,strict"
from collections import OrderedDict


def load_pruned(file):
    state = torch.load(io.BytesIO(file), weights_only=True)
    first, second = state["bn1.bias"].numel(), state["bn2.bias"].numel()
    model = nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(1, first, 3, padding=1, bias=False),
            bn1=nn.BatchNorm2d(first),
            relu1=nn.ReLU(),
            pool1=nn.MaxPool2d(2),
            conv2=nn.Conv2d(first, second, 3, padding=1, bias=False),
            bn2=nn.BatchNorm2d(second),
            relu2=nn.ReLU(),
            pool2=nn.MaxPool2d(2),
            flatten=nn.Flatten(),
            output=nn.Linear(state["output.weight"].shape[1], 10),
        )
    ).eval()
    with torch.no_grad():
        for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
            if not name.endswith(("running_mean", "running_var")):
                tensor.copy_(state[name])
    return model


# %% misconception="lenient"
# Names that are missing or unexpected were passed over.
# Remedy: Leave `strict` at True: a file that lacks an array gives a network with random numbers in it.


# %% wrong misconception="lenient" variant=1 loses="strict"
def load_pruned(file):
    state = torch.load(io.BytesIO(file), weights_only=True)
    model = cnn_architecture()
    first, second = len(state["conv1.weight"]), len(state["conv2.weight"])
    model.conv1 = nn.Conv2d(1, first, 3, padding=1, bias=False)
    model.bn1 = nn.BatchNorm2d(first)
    model.conv2 = nn.Conv2d(first, second, 3, padding=1, bias=False)
    model.bn2 = nn.BatchNorm2d(second)
    model.output = nn.Linear(4 * second, 10)
    model.load_state_dict(state, strict=False)
    return model.eval()


# %% wrong misconception="lenient" variant=2 loses="strict"
from collections import OrderedDict


def load_pruned(file):
    state = torch.load(io.BytesIO(file), weights_only=True)
    first, second = state["bn1.bias"].numel(), state["bn2.bias"].numel()
    model = nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(1, first, 3, padding=1, bias=False),
            bn1=nn.BatchNorm2d(first),
            relu1=nn.ReLU(),
            pool1=nn.MaxPool2d(2),
            conv2=nn.Conv2d(first, second, 3, padding=1, bias=False),
            bn2=nn.BatchNorm2d(second),
            relu2=nn.ReLU(),
            pool2=nn.MaxPool2d(2),
            flatten=nn.Flatten(),
            output=nn.Linear(state["output.weight"].shape[1], 10),
        )
    ).eval()
    mine = model.state_dict()
    model.load_state_dict({name: state.get(name, array) for name, array in mine.items()})
    return model


# %% misconception="second-width-fixed"
# The second convolution, its batch norm or the linear layer has its full size.
# Remedy: `len(state["conv2.weight"])` channels, and four inputs of the linear layer for each of them.


# %% wrong misconception="second-width-fixed" variant=1 loses="second,both"
def load_pruned(file):
    state = torch.load(io.BytesIO(file), weights_only=True)
    model = cnn_architecture()
    first = len(state["conv1.weight"])
    model.conv1 = nn.Conv2d(1, first, 3, padding=1, bias=False)
    model.bn1 = nn.BatchNorm2d(first)
    model.conv2 = nn.Conv2d(first, 32, 3, padding=1, bias=False)
    model.load_state_dict(state)
    return model.eval()


# %% misconception="first-width-fixed"
# The first convolution, or its batch norm, has its full size.
# Remedy: `len(state["conv1.weight"])` channels, which the second convolution reads.


# %% wrong misconception="first-width-fixed" variant=1 loses="first,both"
def load_pruned(file):
    state = torch.load(io.BytesIO(file), weights_only=True)
    model = cnn_architecture()
    second = len(state["conv2.weight"])
    model.conv2 = nn.Conv2d(16, second, 3, padding=1, bias=False)
    model.bn2 = nn.BatchNorm2d(second)
    model.output = nn.Linear(4 * second, 10)
    model.load_state_dict(state)
    return model.eval()


# %% right style="one Sequential"
from collections import OrderedDict


def load_pruned(file):
    state = torch.load(io.BytesIO(file), weights_only=True)
    first, second = state["bn1.bias"].numel(), state["bn2.bias"].numel()
    model = nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(1, first, 3, padding=1, bias=False),
            bn1=nn.BatchNorm2d(first),
            relu1=nn.ReLU(),
            pool1=nn.MaxPool2d(2),
            conv2=nn.Conv2d(first, second, 3, padding=1, bias=False),
            bn2=nn.BatchNorm2d(second),
            relu2=nn.ReLU(),
            pool2=nn.MaxPool2d(2),
            flatten=nn.Flatten(),
            output=nn.Linear(state["output.weight"].shape[1], 10),
        )
    )
    model.load_state_dict(state)
    return model.eval()


# %% right style="tensor by tensor"
def load_pruned(file):
    state = torch.load(io.BytesIO(file), weights_only=True)
    model = cnn_architecture()
    tensors = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    if set(tensors) != set(state):
        raise KeyError(sorted(set(tensors) ^ set(state)))
    for name, tensor in tensors.items():
        tensor.data = state[name]
    for conv, norm in ((model.conv1, model.bn1), (model.conv2, model.bn2)):
        conv.out_channels, conv.in_channels = conv.weight.shape[:2]
        norm.num_features = conv.out_channels
    model.output.in_features = model.output.weight.shape[1]
    return model

# %% misconception="made-permanent"
# The zeros are right, but the mask is gone: `prune.remove` has multiplied it in, and the unpruned weights are lost.
# Remedy: Leave `prune.remove` out here; the task asks for the mask beside the weights.


# %% wrong misconception="made-permanent" variant=1 loses="mask,short-rows,original"
class RowMethod(prune.BasePruningMethod):
    PRUNING_TYPE = "unstructured"

    def __init__(self, kept):
        self.kept = kept

    def compute_mask(self, t, default_mask):
        places = t.abs().topk(min(self.kept, t.shape[1]), dim=1).indices
        return torch.zeros_like(default_mask).scatter_(1, places, 1)


def row_method(model, kept):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            RowMethod.apply(layer, "weight", kept)
            prune.remove(layer, "weight")
    return pruned


# %% wrong misconception="made-permanent" variant=2 loses="mask,short-rows,original"
@torch.no_grad()
def row_method(model, kept):
    pruned = copy.deepcopy(model)
    for layer in (pruned.hidden1, pruned.hidden2, pruned.output):
        for row in layer.weight:
            row[row.abs().argsort(descending=True)[kept:]] = 0
    return pruned


# %% decoy misconception="made-permanent" loses="mask,short-rows,original,computed"
@torch.no_grad()
def row_method(model, kept):
    pruned = copy.deepcopy(model)
    for layer in (pruned.hidden1, pruned.hidden2):  # the output layer is left out
        for row in layer.weight:
            row[row.abs().argsort(descending=True)[kept:]] = 0
    return pruned


# %% misconception="whole-layer"
# The largest of the whole layer are kept, so that some rows keep more than others.
# Remedy: Rank each row by itself: `topk(…, dim=1)`.


# %% wrong misconception="whole-layer" variant=1 loses="mask,short-rows,computed"
def row_method(model, kept):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            rows, columns = layer.weight.shape
            prune.l1_unstructured(layer, "weight", amount=rows * max(columns - kept, 0))
    return pruned


# %% wrong misconception="whole-layer" variant=2 loses="mask,short-rows,computed"
class RowMethod(prune.BasePruningMethod):
    PRUNING_TYPE = "unstructured"

    def __init__(self, kept):
        self.kept = kept

    def compute_mask(self, t, default_mask):
        count = min(self.kept, t.shape[1]) * t.shape[0]
        mask = torch.zeros(t.numel())
        mask[t.abs().flatten().topk(count).indices] = 1
        return mask.view_as(t)


def row_method(model, kept):
    pruned = copy.deepcopy(model)
    for layer in filter(lambda module: isinstance(module, nn.Linear), pruned.modules()):
        RowMethod.apply(layer, "weight", kept)
    return pruned


# %% decoy misconception="whole-layer" loses="mask,short-rows,computed"
class RowMethod(prune.BasePruningMethod):
    PRUNING_TYPE = "unstructured"

    def __init__(self, kept):
        self.kept = kept

    def compute_mask(self, t, default_mask):
        places = t.abs().topk(min(self.kept, t.shape[0]), dim=0).indices  # the largest of each column
        return torch.zeros_like(default_mask).scatter_(0, places, 1)


def row_method(model, kept):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            RowMethod.apply(layer, "weight", kept)
    return pruned


# %% misconception="smallest-kept"
# The smallest of each row are kept, and the largest went.
# Remedy: The mask is 1 where a weight is kept.


# %% wrong misconception="smallest-kept" variant=1 loses="mask,short-rows,computed"
class RowMethod(prune.BasePruningMethod):
    PRUNING_TYPE = "unstructured"

    def __init__(self, kept):
        self.kept = kept

    def compute_mask(self, t, default_mask):
        places = t.abs().topk(min(self.kept, t.shape[1]), dim=1, largest=False).indices
        return torch.zeros_like(default_mask).scatter_(1, places, 1)


def row_method(model, kept):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            RowMethod.apply(layer, "weight", kept)
    return pruned


# %% wrong misconception="smallest-kept" variant=2 loses="mask,short-rows,computed"
def row_method(model, kept):
    pruned = copy.deepcopy(model)
    for layer in pruned.children():
        if isinstance(layer, nn.Linear):
            ranks = layer.weight.detach().abs().argsort(dim=1).argsort(dim=1)
            prune.custom_from_mask(layer, "weight", (ranks < kept).float())
    return pruned


# %% decoy misconception="smallest-kept" loses="mask,short-rows,computed"
class RowMethod(prune.BasePruningMethod):
    PRUNING_TYPE = "unstructured"

    def __init__(self, kept):
        self.kept = kept

    def compute_mask(self, t, default_mask):
        places = t.abs().topk(min(self.kept, t.shape[1]), dim=1).indices
        return torch.ones_like(default_mask).scatter_(1, places, 0)  # as many as asked go


def row_method(model, kept):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            RowMethod.apply(layer, "weight", kept)
    return pruned


# %% misconception="works-in-place"
# The model that was given is pruned itself.
# Remedy: Begin with `pruned = copy.deepcopy(model)`.


# %% wrong misconception="works-in-place" variant=1 loses="keeps-model"
class RowMethod(prune.BasePruningMethod):
    PRUNING_TYPE = "unstructured"

    def __init__(self, kept):
        self.kept = kept

    def compute_mask(self, t, default_mask):
        places = t.abs().topk(min(self.kept, t.shape[1]), dim=1).indices
        return torch.zeros_like(default_mask).scatter_(1, places, 1)


def row_method(model, kept):
    for layer in model:
        if isinstance(layer, nn.Linear):
            RowMethod.apply(layer, "weight", kept)
    return model


# %% decoy misconception="works-in-place" loses="computed,keeps-model,mask,short-rows"
def row_method(model, kept):
    for layer in model:
        if isinstance(layer, nn.Linear):
            prune.random_unstructured(layer, "weight", amount=0.5)
    return model


# %% misconception="biases-pruned"
# Biases were pruned, too.
# Remedy: Prune the parameter called 'weight' alone: a bias shifts a whole output, and saves next to nothing.


# %% wrong misconception="biases-pruned" variant=1 loses="biases"
def row_method(model, kept):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            ranks = layer.weight.detach().abs().argsort(dim=1, descending=True).argsort(dim=1)
            prune.custom_from_mask(layer, "weight", (ranks < kept).float())
            prune.l1_unstructured(layer, "bias", amount=0.5)
    return pruned


# %% decoy misconception="biases-pruned" loses="biases"
def row_method(model, kept):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            ranks = layer.weight.detach().abs().argsort(dim=1, descending=True).argsort(dim=1)
            prune.custom_from_mask(layer, "weight", (ranks < kept).float())
            nn.init.zeros_(layer.bias)
    return pruned


# %% misconception="short-rows-refused"
# Rows that are shorter than the number of weights to keep were not kept whole: the call raised an exception.
# Remedy: Ask `topk` for no more than the row has: `min(kept, t.shape[1])`.


# %% wrong misconception="short-rows-refused" variant=1 loses="short-rows"
class RowMethod(prune.BasePruningMethod):
    PRUNING_TYPE = "unstructured"

    def __init__(self, kept):
        self.kept = kept

    def compute_mask(self, t, default_mask):
        places = t.abs().topk(self.kept, dim=1).indices
        return torch.zeros_like(default_mask).scatter_(1, places, 1)


def row_method(model, kept):
    pruned = copy.deepcopy(model)
    for layer in pruned:
        if isinstance(layer, nn.Linear):
            RowMethod.apply(layer, "weight", kept)
    return pruned


# %% right style="masks by hand, with torch's own method"
def row_method(model, kept):
    pruned = copy.deepcopy(model)
    for layer in pruned.children():
        if isinstance(layer, nn.Linear):
            ranks = layer.weight.detach().abs().argsort(dim=1, descending=True).argsort(dim=1)
            prune.custom_from_mask(layer, "weight", (ranks < kept).float())
    return pruned


# %% right style="a structured type, and a class method"
class LargestInRow(prune.BasePruningMethod):
    PRUNING_TYPE = "structured"

    def __init__(self, kept):
        self.kept = kept

    def compute_mask(self, t, default_mask):
        mask = default_mask.clone()
        for row, numbers in zip(mask, t):
            row[numbers.abs().argsort(descending=True)[self.kept :]] = 0
        return mask

    @classmethod
    def apply(cls, module, name, kept):
        return super().apply(module, name, kept=kept)


def row_method(model, kept):
    pruned = copy.deepcopy(model)
    layers = [module for module in pruned.modules() if type(module) is nn.Linear]
    for layer in layers:
        LargestInRow.apply(layer, "weight", kept)
    return pruned

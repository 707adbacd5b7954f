import numpy as np
import torch

from quizlib.authoring import Case, ExerciseSpec, matching, unchanged


def loss_and_gradient(student, teacher, labels, temperature, alpha):
    """The oracle sums by hand in float64, and knows the gradient: T (q - p) and softmax less one-hot, over rows."""
    s, t = student.double().numpy(), teacher.double().numpy()
    rows = np.arange(len(s))

    def log_softmax(x):
        x = x - x.max(axis=1, keepdims=True)
        return x - np.log(np.exp(x).sum(axis=1, keepdims=True))

    log_p, log_q, log_hard = log_softmax(t / temperature), log_softmax(s / temperature), log_softmax(s)
    divergence = (np.exp(log_p) * (log_p - log_q)).sum() / len(s)
    hard = -log_hard[rows, labels.numpy()].mean()
    one_hot = np.zeros_like(s)
    one_hot[rows, labels.numpy()] = 1
    soft_gradient = temperature * (np.exp(log_q) - np.exp(log_p)) / len(s)
    hard_gradient = (np.exp(log_hard) - one_hot) / len(s)
    loss = alpha * temperature**2 * divergence + (1 - alpha) * hard
    gradient = alpha * soft_gradient + (1 - alpha) * hard_gradient
    return torch.tensor(loss).float(), torch.from_numpy(gradient).float()


def _draw(generator, behaviour, rows, classes, temperature, alpha, scale=2.0):
    seeded = torch.Generator().manual_seed(int(generator.integers(2**31)))
    student = scale * torch.randn(rows, classes, generator=seeded)
    teacher = scale * torch.randn(rows, classes, generator=seeded)
    labels = torch.randint(classes, (rows,), generator=seeded)
    if temperature is None:
        temperature = round(float(generator.uniform(1.7, 5)), 2)
    if alpha is None:
        alpha = round(float(generator.uniform(0.2, 0.8)), 2)
    return Case(behaviour, student, teacher, labels, temperature, alpha)


def drawn_batches(generator):
    def extreme(alpha):
        case = _draw(generator, "extreme", 6, 4, 1.0, alpha)
        student, teacher, labels, _, _ = case.arguments
        far = torch.tensor([[300.0, -200, 0, 10], [-300, 0, 250, 0], [0, 280, -5, 1]]).repeat(2, 1)
        return Case("extreme", student, far + teacher, labels, 1.0, alpha)

    # A few labels are found in any file of whole numbers: six rows or more tell a leak from a coincidence.
    return [
        _draw(generator, "soft", 7, 5, 1.0, 1.0),
        _draw(generator, "soft", 6, 7, 1.0, 1.0),
        _draw(generator, "temperature", 7, 6, None, 1.0),
        _draw(generator, "temperature", 9, 3, None, 1.0),
        _draw(generator, "hard", 7, 5, None, 0.0),
        _draw(generator, "hard", 10, 3, None, None),
        _draw(generator, "hard", 1, 4, None, None),
        extreme(1.0),
        extreme(0.6),
    ]


_S = torch.tensor([[1.0, -0.5, 0.25], [0.0, 2.0, -1.0]])
_T = torch.tensor([[0.5, 1.5, -1.0], [-1.0, 1.0, 3.0]])
_Y = torch.tensor([1, 2])

EXERCISE = ExerciseSpec(
    title="The loss of distillation",
    response="function",
    setup="""\
import torch
from torch.nn import functional as F

student = torch.tensor([[1.0, -0.5, 0.25], [0.0, 2.0, -1.0]])
teacher = torch.tensor([[0.5, 1.5, -1.0], [-1.0, 1.0, 3.0]])
labels = torch.tensor([1, 2])
""",
    hints=(
        "`F.kl_div(input, target)`: the input is the student's `log_softmax`, the target the teacher's.",
        '`reduction="batchmean"` divides by the rows. With `log_target=True` the target is a `log_softmax`, too, '
        "and nothing is infinite.",
        "`logits = student.clone().requires_grad_()`, and `torch.autograd.grad(loss, logits)`.",
    ),
    criteria=(
        matching("soft", "KL(teacher ‖ student), the mean over rows", points=2, part=0, rtol=1e-4, atol=1e-5),
        matching("temperature", "The temperature, and its square as a factor", points=2, part=0, rtol=1e-4, atol=1e-5),
        matching("hard", "The hard part, and the mixture of both", part=0, rtol=1e-4, atol=1e-5),
        matching("extreme", "Logits of 300: the loss is finite and right", part=0, rtol=1e-4, atol=1e-4),
        matching("gradient", "The gradient of that loss for the student", part=1, rtol=1e-3, atol=1e-5, library=True),
        unchanged("keeps-input", "Leaves what it was given as it was", beside=("soft", "temperature", "hard")),
    ),
    reference=loss_and_gradient,
    public=(
        Case("soft", _S, _T, _Y, 1.0, 1.0),
        Case("soft", _T[:, :2] * 2, _S[:, 1:], _Y - 1, 1.0, 1.0),
        Case("temperature", _S, _T, _Y, 3.0, 1.0),
        Case("temperature", _T.repeat(2, 1), 1.5 * _S.repeat(2, 1), _Y.repeat(2), 1.75, 1.0),
        Case("hard", _S, _T, _Y, 2.5, 0.0),
        Case("hard", _T, _S, _Y, 2.5, 0.3),
        Case("hard", _S[:1], _T[:1], _Y[:1], 2.0, 0.75),
        Case("extreme", _S, torch.tensor([[300.0, -100, 0], [0, 250, -250]]), _Y, 1.0, 1.0),
        Case("extreme", _S, torch.tensor([[-20.0, -300, 0], [290, 0, -250]]), _Y, 1.0, 0.6),
    ),
    private=drawn_batches,
)

# %% misconception="divergence-reversed"
# The divergence is that of the teacher from the student: KL(student ‖ teacher).
# Remedy: `F.kl_div(input, target)` starts from its second argument; the teacher is the target.


# %% wrong misconception="divergence-reversed" variant=1 loses="extreme,gradient,hard,soft,temperature"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.clone().requires_grad_()
    soft = F.kl_div(
        F.log_softmax(teacher / temperature, dim=1),
        F.log_softmax(logits / temperature, dim=1),
        reduction="batchmean",
        log_target=True,
    )
    hard = F.cross_entropy(logits, labels)
    loss = alpha * temperature**2 * soft + (1 - alpha) * hard
    (gradient,) = torch.autograd.grad(loss, logits)
    return loss.detach(), gradient


# %% wrong misconception="divergence-reversed" variant=2 loses="extreme,gradient,hard,soft,temperature"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.detach().clone()
    logits.requires_grad = True
    log_q = (logits / temperature).log_softmax(1)
    log_p = (teacher / temperature).log_softmax(1)
    soft = temperature**2 * (log_q.exp() * (log_q - log_p)).sum(1).mean()
    log_hard = logits.log_softmax(1)
    hard = -log_hard[torch.arange(len(labels)), labels].mean()
    loss = alpha * soft + (1 - alpha) * hard
    loss.backward()
    return loss.detach(), logits.grad


# %% misconception="mean-over-all"
# The sum was divided by rows times classes, and not by rows.
# Remedy: `reduction="batchmean"`: a sum over classes, the mean over rows.


# %% wrong misconception="mean-over-all" variant=1 loses="extreme,gradient,hard,soft,temperature"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.clone().requires_grad_()
    soft = F.kl_div(
        F.log_softmax(logits / temperature, dim=1),
        F.log_softmax(teacher / temperature, dim=1),
        reduction="mean",
        log_target=True,
    )
    hard = F.cross_entropy(logits, labels)
    loss = alpha * temperature**2 * soft + (1 - alpha) * hard
    (gradient,) = torch.autograd.grad(loss, logits)
    return loss.detach(), gradient


# %% wrong misconception="mean-over-all" variant=2 loses="extreme,gradient,hard,soft,temperature"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.detach().clone()
    logits.requires_grad = True
    log_q = (logits / temperature).log_softmax(1)
    log_p = (teacher / temperature).log_softmax(1)
    soft = temperature**2 * (log_p.exp() * (log_p - log_q)).mean()
    log_hard = logits.log_softmax(1)
    hard = -log_hard[torch.arange(len(labels)), labels].mean()
    loss = alpha * soft + (1 - alpha) * hard
    loss.backward()
    return loss.detach(), logits.grad


# %% misconception="summed-rows"
# The rows were summed, so that the loss grows with the batch.
# Remedy: Divide by the number of rows.


# %% wrong misconception="summed-rows" variant=1 loses="extreme,gradient,hard,soft,temperature"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.clone().requires_grad_()
    soft = F.kl_div(
        F.log_softmax(logits / temperature, dim=1),
        F.log_softmax(teacher / temperature, dim=1),
        reduction="sum",
        log_target=True,
    )
    hard = F.cross_entropy(logits, labels)
    loss = alpha * temperature**2 * soft + (1 - alpha) * hard
    (gradient,) = torch.autograd.grad(loss, logits)
    return loss.detach(), gradient


# %% wrong misconception="summed-rows" variant=2 loses="extreme,gradient,hard,soft,temperature"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.detach().clone()
    logits.requires_grad = True
    log_q = (logits / temperature).log_softmax(1)
    log_p = (teacher / temperature).log_softmax(1)
    soft = temperature**2 * (log_p.exp() * (log_p - log_q)).sum()
    log_hard = logits.log_softmax(1)
    hard = -log_hard[torch.arange(len(labels)), labels].mean()
    loss = alpha * soft + (1 - alpha) * hard
    loss.backward()
    return loss.detach(), logits.grad


# %% misconception="square-forgotten"
# The soft part lacks the factor T²: its gradient gets smaller with the temperature.
# Remedy: Multiply the divergence by `temperature**2`.


# %% wrong misconception="square-forgotten" variant=1 loses="temperature,hard,gradient"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.clone().requires_grad_()
    soft = F.kl_div(
        F.log_softmax(logits / temperature, dim=1),
        F.log_softmax(teacher / temperature, dim=1),
        reduction="batchmean",
        log_target=True,
    )
    hard = F.cross_entropy(logits, labels)
    loss = alpha * soft + (1 - alpha) * hard
    (gradient,) = torch.autograd.grad(loss, logits)
    return loss.detach(), gradient


# %% wrong misconception="square-forgotten" variant=2 loses="temperature,hard,gradient"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.detach().clone()
    logits.requires_grad = True
    log_q = (logits / temperature).log_softmax(1)
    log_p = (teacher / temperature).log_softmax(1)
    soft = (log_p.exp() * (log_p - log_q)).sum(1).mean()
    log_hard = logits.log_softmax(1)
    hard = -log_hard[torch.arange(len(labels)), labels].mean()
    loss = alpha * soft + (1 - alpha) * hard
    loss.backward()
    return loss.detach(), logits.grad


# %% misconception="factor-not-squared"
# The soft part has the factor T, and not T².
# Remedy: Once for the division of the logits, once for the probabilities, which get flatter: `temperature**2`.


# %% wrong misconception="factor-not-squared" variant=1 loses="temperature,hard,gradient"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.clone().requires_grad_()
    soft = F.kl_div(
        F.log_softmax(logits / temperature, dim=1),
        F.log_softmax(teacher / temperature, dim=1),
        reduction="batchmean",
        log_target=True,
    )
    hard = F.cross_entropy(logits, labels)
    loss = alpha * temperature * soft + (1 - alpha) * hard
    (gradient,) = torch.autograd.grad(loss, logits)
    return loss.detach(), gradient


# %% wrong misconception="factor-not-squared" variant=2 loses="temperature,hard,gradient"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.detach().clone()
    logits.requires_grad = True
    log_q = (logits / temperature).log_softmax(1)
    log_p = (teacher / temperature).log_softmax(1)
    soft = temperature * (log_p.exp() * (log_p - log_q)).sum(1).mean()
    log_hard = logits.log_softmax(1)
    hard = -log_hard[torch.arange(len(labels)), labels].mean()
    loss = alpha * soft + (1 - alpha) * hard
    loss.backward()
    return loss.detach(), logits.grad


# %% misconception="teacher-not-softened"
# Only the student's logits were divided by the temperature.
# Remedy: Both distributions are at the same temperature.


# %% wrong misconception="teacher-not-softened" variant=1 loses="temperature,hard,gradient"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.clone().requires_grad_()
    soft = F.kl_div(
        F.log_softmax(logits / temperature, dim=1),
        F.log_softmax(teacher, dim=1),
        reduction="batchmean",
        log_target=True,
    )
    hard = F.cross_entropy(logits, labels)
    loss = alpha * temperature**2 * soft + (1 - alpha) * hard
    (gradient,) = torch.autograd.grad(loss, logits)
    return loss.detach(), gradient


# %% wrong misconception="teacher-not-softened" variant=2 loses="temperature,hard,gradient"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.detach().clone()
    logits.requires_grad = True
    log_q = (logits / temperature).log_softmax(1)
    log_p = teacher.log_softmax(1)
    soft = temperature**2 * (log_p.exp() * (log_p - log_q)).sum(1).mean()
    log_hard = logits.log_softmax(1)
    hard = -log_hard[torch.arange(len(labels)), labels].mean()
    loss = alpha * soft + (1 - alpha) * hard
    loss.backward()
    return loss.detach(), logits.grad


# %% misconception="hard-softened"
# The hard part is at the temperature, too.
# Remedy: The cross-entropy with the labels takes the student's logits as they are.


# %% wrong misconception="hard-softened" variant=1 loses="hard,gradient"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.clone().requires_grad_()
    soft = F.kl_div(
        F.log_softmax(logits / temperature, dim=1),
        F.log_softmax(teacher / temperature, dim=1),
        reduction="batchmean",
        log_target=True,
    )
    hard = F.cross_entropy(logits / temperature, labels)
    loss = alpha * temperature**2 * soft + (1 - alpha) * hard
    (gradient,) = torch.autograd.grad(loss, logits)
    return loss.detach(), gradient


# %% wrong misconception="hard-softened" variant=2 loses="hard,gradient"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.detach().clone()
    logits.requires_grad = True
    log_q = (logits / temperature).log_softmax(1)
    log_p = (teacher / temperature).log_softmax(1)
    soft = temperature**2 * (log_p.exp() * (log_p - log_q)).sum(1).mean()
    log_hard = log_q
    hard = -log_hard[torch.arange(len(labels)), labels].mean()
    loss = alpha * soft + (1 - alpha) * hard
    loss.backward()
    return loss.detach(), logits.grad


# %% misconception="shares-exchanged"
# `alpha` weighs the hard part, and `1 - alpha` the soft one.
# Remedy: `alpha * soft + (1 - alpha) * hard`.


# %% wrong misconception="shares-exchanged" variant=1 loses="extreme,gradient,hard,soft,temperature"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.clone().requires_grad_()
    soft = F.kl_div(
        F.log_softmax(logits / temperature, dim=1),
        F.log_softmax(teacher / temperature, dim=1),
        reduction="batchmean",
        log_target=True,
    )
    hard = F.cross_entropy(logits, labels)
    loss = (1 - alpha) * temperature**2 * soft + alpha * hard
    (gradient,) = torch.autograd.grad(loss, logits)
    return loss.detach(), gradient


# %% wrong misconception="shares-exchanged" variant=2 loses="extreme,gradient,hard,soft,temperature"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.detach().clone()
    logits.requires_grad = True
    log_q = (logits / temperature).log_softmax(1)
    log_p = (teacher / temperature).log_softmax(1)
    soft = temperature**2 * (log_p.exp() * (log_p - log_q)).sum(1).mean()
    log_hard = logits.log_softmax(1)
    hard = -log_hard[torch.arange(len(labels)), labels].mean()
    loss = hard * alpha + soft * (1 - alpha)
    loss.backward()
    return loss.detach(), logits.grad


# %% misconception="logarithm-of-zero"
# Where a probability is 0 in float32, its logarithm is infinite, and the loss no number.
# Remedy: `log_softmax` never forms the probability; take it for both.


# %% wrong misconception="logarithm-of-zero" variant=1 loses="extreme"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.clone().requires_grad_()
    p, q = F.softmax(teacher / temperature, dim=1), F.softmax(logits / temperature, dim=1)
    soft = (p * (p.log() - q.log())).sum(1).mean()
    hard = F.cross_entropy(logits, labels)
    loss = alpha * temperature**2 * soft + (1 - alpha) * hard
    (gradient,) = torch.autograd.grad(loss, logits)
    return loss.detach(), gradient


# %% misconception="gradient-of-soft-part"
# The gradient is that of the soft part alone.
# Remedy: Differentiate the loss that you return.


# %% wrong misconception="gradient-of-soft-part" variant=1 loses="gradient"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.clone().requires_grad_()
    soft = F.kl_div(
        F.log_softmax(logits / temperature, dim=1),
        F.log_softmax(teacher / temperature, dim=1),
        reduction="batchmean",
        log_target=True,
    )
    hard = F.cross_entropy(logits, labels)
    loss = alpha * temperature**2 * soft + (1 - alpha) * hard
    # the labels are left out here
    (gradient,) = torch.autograd.grad(temperature**2 * soft, logits)
    return loss.detach(), gradient


# %% wrong misconception="gradient-of-soft-part" variant=2 loses="gradient"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.detach().clone()
    logits.requires_grad = True
    log_q = (logits / temperature).log_softmax(1)
    log_p = (teacher / temperature).log_softmax(1)
    soft = temperature**2 * (log_p.exp() * (log_p - log_q)).sum(1).mean()
    log_hard = logits.log_softmax(1)
    hard = -log_hard[torch.arange(len(labels)), labels].mean()
    loss = alpha * soft + (1 - alpha) * hard
    soft.backward()
    return loss.detach(), logits.grad


# %% misconception="input-changed"
# The student's logits that were given ask for gradients now.
# Remedy: Work on a copy: `student.clone().requires_grad_()`.


# %% wrong misconception="input-changed" variant=1 loses="keeps-input"
def distillation_loss(student, teacher, labels, temperature, alpha):
    student.requires_grad_()
    soft = F.kl_div(
        F.log_softmax(student / temperature, dim=1),
        F.log_softmax(teacher / temperature, dim=1),
        reduction="batchmean",
        log_target=True,
    )
    hard = F.cross_entropy(student, labels)
    loss = alpha * temperature**2 * soft + (1 - alpha) * hard
    (gradient,) = torch.autograd.grad(loss, student)
    return loss.detach(), gradient


# %% wrong misconception="input-changed" variant=2 loses="keeps-input"
def distillation_loss(student, teacher, labels, temperature, alpha):
    student.requires_grad = True
    log_q = (student / temperature).log_softmax(1)
    log_p = (teacher / temperature).log_softmax(1)
    soft = temperature**2 * (log_p.exp() * (log_p - log_q)).sum(1).mean()
    hard = -student.log_softmax(1)[torch.arange(len(labels)), labels].mean()
    loss = alpha * soft + (1 - alpha) * hard
    loss.backward()
    return loss.detach(), student.grad


# %% right style="by hand, backward"
def distillation_loss(student, teacher, labels, temperature, alpha):
    logits = student.detach().clone()
    logits.requires_grad = True
    log_q = (logits / temperature).log_softmax(1)
    log_p = (teacher / temperature).log_softmax(1)
    soft = temperature**2 * (log_p.exp() * (log_p - log_q)).sum(1).mean()
    log_hard = logits.log_softmax(1)
    hard = -log_hard[torch.arange(len(labels)), labels].mean()
    loss = alpha * soft + (1 - alpha) * hard
    loss.backward()
    return loss.detach(), logits.grad


# %% right style="the gradient as a formula"
def distillation_loss(student, teacher, labels, temperature, alpha):
    log_p, log_q = F.log_softmax(teacher / temperature, 1), F.log_softmax(student / temperature, 1)
    divergence = F.kl_div(log_q, log_p, reduction="sum", log_target=True) / len(student)
    loss = alpha * temperature**2 * divergence + (1 - alpha) * F.cross_entropy(student, labels)
    soft = temperature * (log_q.exp() - log_p.exp())
    hard = F.softmax(student, 1) - F.one_hot(labels, student.shape[1])
    return loss, (alpha * soft + (1 - alpha) * hard) / len(student)
